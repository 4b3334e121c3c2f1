package io.pycached.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SurroundingsTest {
  private static final long PID = 4711;

  @Test
  void of_watchedService_isAll() {
    Map<String, String> environment =
        Map.of(
            "INVOCATION_ID", "a1b2",
            "NOTIFY_SOCKET", "/run/systemd/notify",
            "WATCHDOG_USEC", "1500000",
            "WATCHDOG_PID", "4711");
    assertThat(Surroundings.of(environment, PID))
        .isEqualTo(new Surroundings(true, true, Optional.of(Duration.ofMillis(1500))));
  }

  @Test
  void of_shell_isNothing() {
    assertThat(Surroundings.of(Map.of("HOME", "/root"), PID))
        .isEqualTo(new Surroundings(false, false, Optional.empty()));
  }

  @Test
  void of_watchdogOfAnotherProcess_isNone() {
    assertThat(
            Surroundings.of(Map.of("WATCHDOG_USEC", "7", "WATCHDOG_PID", "4712"), PID).watchdog())
        .isEmpty();
    assertThat(Surroundings.of(Map.of("WATCHDOG_USEC", "7"), PID).watchdog())
        .contains(Duration.ofNanos(7_000));
  }

  @Test
  void of_watchdogThatIsNoTime_isNone() {
    for (String text : new String[] {"", "0", "-3", "soon", "99999999999999999999"}) {
      assertThat(Surroundings.of(Map.of("WATCHDOG_USEC", text), PID).watchdog()).isEmpty();
    }
  }
}
