package io.pycached.watch;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The times of watching.
 *
 * @param rootCheck how often each root is looked at
 * @param pollInterval how often a polled project is surveyed, and unreadable directories are tried
 * @param lossDelay how long after the first lost event a new watcher is opened
 * @param firstBackOff how long to wait if events are lost again soon after; doubled each time
 * @param longestBackOff the most to wait; after as long without a loss the delay is short again
 * @param proc where procfs is mounted; tells the limits of inotify
 */
public record WatchSettings(
    Duration rootCheck,
    Duration pollInterval,
    Duration lossDelay,
    Duration firstBackOff,
    Duration longestBackOff,
    Path proc) {
  /** Refuses a duration that is not positive. */
  public WatchSettings {
    for (Duration duration :
        new Duration[] {rootCheck, pollInterval, lossDelay, firstBackOff, longestBackOff}) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("a watch setting must be positive: " + duration);
      }
    }
  }

  /**
   * {@return the settings a daemon starts with: roots every 3 s, polls every 30 s, a new watcher
   * 200 ms after a loss, then after 1 s to 60 s}
   */
  public static WatchSettings defaults(Path proc) {
    return new WatchSettings(
        Duration.ofSeconds(3),
        Duration.ofSeconds(30),
        Duration.ofMillis(200),
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        proc);
  }
}
