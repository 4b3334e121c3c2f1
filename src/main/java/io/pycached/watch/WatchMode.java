package io.pycached.watch;

/** How the changes of a project are noticed. */
public enum WatchMode {
  /** Its directories are being registered. */
  STARTING,
  /** The kernel tells. */
  EVENTS,
  /** The whole tree is surveyed on a timer; what could be registered tells as well. */
  POLLING,
  /** There is no root to watch; it is looked for. */
  ROOT_LOST
}
