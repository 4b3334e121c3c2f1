package io.pycached.watch;

import java.time.Duration;

/**
 * Delays that grow while trouble lasts: the initial one, then the first, doubled up to the longest.
 * Not safe for use by several threads.
 */
final class BackOff {
  private final Duration initial;
  private final Duration first;
  private final Duration longest;
  private Duration next;

  BackOff(Duration initial, Duration first, Duration longest) {
    this.initial = initial;
    this.first = first;
    this.longest = longest;
    this.next = initial;
  }

  /** {@return the delay to wait now; the next one will be longer} */
  Duration next() {
    Duration delay = next;
    Duration grown = delay.equals(initial) ? first : delay.multipliedBy(2);
    next = grown.compareTo(longest) < 0 ? grown : longest;
    return delay;
  }

  /** The trouble is over. */
  void reset() {
    next = initial;
  }
}
