package io.pycached.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "200ms,PT0.2S",
    "3s,PT3S",
    "10m,PT10M",
    "1h30m,PT90M",
    "1h 30m,PT90M",
    "30d,PT720H",
    "1d2h3m4s5ms,PT26H3M4.005S",
    "0s,PT0S",
    "999999999d,PT23999999976H",
  })
  void parse_duration_isRead(String text, Duration expected) {
    assertThat(Durations.parse(text)).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "10",
        "m",
        "10 m",
        "-1s",
        "1.5h",
        "30m1h",
        "1m1m",
        "1M",
        "1w",
        " 1s",
        "1s ",
        "1000000000d",
        "١s"
      })
  void parse_otherText_isRefused(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }
}
