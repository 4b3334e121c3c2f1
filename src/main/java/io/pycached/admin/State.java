package io.pycached.admin;

import java.util.Locale;

/** What the daemon is doing as a whole; the {@code state} of {@code /v1/status}. */
public enum State {
  /** The first survey is not done, or watches are not in place. */
  STARTING,
  /** All is as configured. */
  READY,
  /** Works, with problems that status lists. */
  DEGRADED,
  /** Takes no more work. */
  STOPPING;

  /** {@return the name as clients see it: {@code ready}} */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
