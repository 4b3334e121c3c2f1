package io.pycached.reconcile;

import java.time.Duration;

/**
 * A time in which the prefix cannot be written, and when it is looked at again. Times are {@link
 * System#nanoTime}'s. Guarded by its owner.
 */
final class Outage {
  /** How long the prefix is left alone after it could not be written. */
  private static final Duration BACK_OFF = Duration.ofSeconds(5);

  private boolean lasts;
  private long retryAt;

  void begin(long now) {
    lasts = true;
    retryAt = now + BACK_OFF.toNanos();
  }

  boolean lasts() {
    return lasts;
  }

  void end() {
    lasts = false;
  }

  /** {@return in how many nanoseconds the prefix is to be looked at, if the outage lasts} */
  long nanosToRetry(long now) {
    return retryAt - now;
  }

  /** {@return whether to look at the prefix now; of all who ask one is told so} */
  boolean takeRetry(long now) {
    if (!lasts || nanosToRetry(now) > 0) {
      return false;
    }
    retryAt = now + BACK_OFF.toNanos();
    return true;
  }
}
