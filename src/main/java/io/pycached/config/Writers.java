package io.pycached.config;

/** Who may write to the prefix. */
public enum Writers {
  /** The daemon alone; everybody else reads. */
  DAEMON,
  /** Interpreters, too: those of the prefix's owner, or of a trusted group. */
  USERS
}
