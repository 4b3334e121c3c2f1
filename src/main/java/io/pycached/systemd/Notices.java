package io.pycached.systemd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what the service manager is told when, as assignments of sd_notify(3).
 *
 * <p>At once: that the service is ready. Every few seconds at most: a line that is another than
 * before. At half of the watchdog's time: that the service gets on, and while it starts, that it
 * needs more time; neither if it has been silent for that long. So a service that hangs is ended at
 * the latest one and a half times the watchdog's time later, and a single step may take half of it.
 *
 * <p>Belongs to one thread.
 */
final class Notices {
  private static final Duration LINES = Duration.ofSeconds(5);

  /** For how long a start is prolonged where no watchdog says what is long. */
  private static final Duration WITHOUT_WATCHDOG = Duration.ofMinutes(1);

  private final Optional<Duration> watchdog;
  private final Duration half;
  private boolean told;
  private boolean ready;
  private String line = "";
  private long asked;
  private long beaten;

  Notices(Optional<Duration> watchdog) {
    this.watchdog = watchdog;
    this.half = watchdog.orElse(WITHOUT_WATCHDOG).dividedBy(2);
  }

  /** {@return how often {@link #due} should be asked} */
  Duration interval(boolean isReady) {
    Duration quarter = half.dividedBy(2);
    Duration most = isReady ? LINES : Duration.ofMillis(100);
    return quarter.compareTo(most) < 0 ? quarter : most;
  }

  /** Has everything told anew. */
  void forget() {
    told = false;
  }

  /** {@return whether {@code service} has been silent for too long to say that it gets on} */
  boolean isStalled(Service service) {
    return service.silence().compareTo(half) >= 0;
  }

  /**
   * {@return what is to be told now; empty if nothing}
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  List<String> due(Service service, long nanoTime) {
    boolean nowReady = service.isReady();
    boolean news = !told || nowReady != ready;
    boolean beat = !isStalled(service) && (news || since(beaten, nanoTime).compareTo(half) >= 0);
    boolean beatMatters = beat && (watchdog.isPresent() || !nowReady);
    if (!news && !beatMatters && since(asked, nanoTime).compareTo(LINES) < 0) {
      return List.of();
    }
    asked = nanoTime;
    String nowLine = service.line();
    if (!news && !beatMatters && nowLine.equals(line)) {
      return List.of();
    }
    told = true;
    ready = nowReady;
    line = nowLine;
    List<String> assignments = new ArrayList<>();
    if (nowReady) {
      assignments.add("READY=1");
    }
    assignments.add("STATUS=" + nowLine.replace('\n', ' '));
    if (beat) {
      beaten = nanoTime;
      watchdog.ifPresent(period -> assignments.add("WATCHDOG=1"));
      if (!nowReady) {
        assignments.add("EXTEND_TIMEOUT_USEC=" + half.multipliedBy(2).toNanos() / 1_000);
      }
    }
    return assignments;
  }

  private static Duration since(long then, long now) {
    return Duration.ofNanos(now - then);
  }
}
