package io.pycached.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7",
    "999, 999",
    "1000, 1 000",
    "-999, -999",
    "-1000, -1 000",
    "1234567, 1 234 567",
    "9223372036854775807, 9 223 372 036 854 775 807"
  })
  void number_ofAnyLength_hasItsThousandsApart(long number, String text) {
    assertThat(Text.number(number)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.00 KiB",
    "1541, 1.50 KiB",
    "10239, 10.00 KiB",
    "10240, 10.0 KiB",
    "85899345920, 80.0 GiB",
    "9223372036854775807, 8388608.0 TiB"
  })
  void size_ofAnyMagnitude_isInBinaryUnits(long bytes, String text) {
    assertThat(Text.size(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.00 s", "4999999, 0.00 s", "5000000, 0.01 s", "61234567890, 61.23 s"})
  void seconds_ofADuration_hasHundredths(long nanos, String text) {
    assertThat(Text.seconds(Duration.ofNanos(nanos))).isEqualTo(text);
  }
}
