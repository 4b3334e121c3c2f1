package io.pycached.systemd;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * What the service manager has told this process in its environment: systemd.exec(5), sd_notify(3),
 * sd_watchdog_enabled(3).
 *
 * @param isService whether this process, or one that started it, is a service
 * @param isNotified whether the service manager wants to be told anything
 * @param watchdog within which time it wants to hear again and again that the service gets on
 */
public record Surroundings(boolean isService, boolean isNotified, Optional<Duration> watchdog) {

  /**
   * {@return what {@code environment} says to the process {@code pid}} A watchdog that is meant for
   * another process, or cannot be read, is none.
   */
  public static Surroundings of(Map<String, String> environment, long pid) {
    boolean ours =
        !environment.containsKey("WATCHDOG_PID") || number(environment, "WATCHDOG_PID") == pid;
    long microseconds = ours ? number(environment, "WATCHDOG_USEC") : 0;
    return new Surroundings(
        !environment.getOrDefault("INVOCATION_ID", "").isEmpty(),
        !environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty(),
        microseconds > 0
            ? Optional.of(Duration.of(microseconds, ChronoUnit.MICROS))
            : Optional.empty());
  }

  private static long number(Map<String, String> environment, String variable) {
    try {
      return Long.parseLong(environment.getOrDefault(variable, "0"));
    } catch (NumberFormatException none) {
      return 0;
    }
  }
}
