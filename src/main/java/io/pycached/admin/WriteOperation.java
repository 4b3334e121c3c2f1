package io.pycached.admin;

import java.util.Locale;

/** A request that may change the prefix. */
public enum WriteOperation {
  /** Survey directories again and do what the plan says. */
  RECONCILE,
  /** Do only the deletions of the plan. */
  PRUNE,
  /** One full reconcile: adopt, compile, restamp, prune. */
  SYNC,
  /** Drop the whole mirror of projects. */
  PURGE;

  /** {@return the name as clients see it: {@code reconcile}} */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
