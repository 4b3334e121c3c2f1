package io.pycached.pyc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SourceMtimeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1700000000, 0, 1700000000",
    "1700000000, 999999880, 1700000000",
    "1700000000, 999999881, 1700000001",
    "1700000000, 999999900, 1700000001",
    "4294967295, 0, 4294967295",
    "4294967296, 0, 0",
    "4294967299, 500000000, 3",
    "-1, 500000000, 0", // -0.5
    "-2, 500000000, 4294967295", // -1.5
    "-1, 0, 4294967295",
    "-1, 999999999, 0",
    "9223372036854775807, 0, 0", // 2**63 as a double
    "-9223372036854775808, 0, 0",
  })
  void mtime32_timespec_goesThroughADouble(long seconds, int nanos, long expected) {
    assertThat(SourceMtime.mtime32(seconds, nanos)).isEqualTo((int) expected);
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:03.75Z, 3",
    "1969-12-31T23:59:59.5Z, 0",
    "1969-12-31T23:59:58.5Z, 4294967295",
    "2023-11-14T22:13:20.999999999Z, 1700000001",
  })
  void mtime32_fileTime_isThatOfItsTimespec(Instant instant, long expected) {
    assertThat(SourceMtime.mtime32(FileTime.from(instant))).isEqualTo((int) expected);
  }

  @Test
  void mtime32_fileTimeInMilliseconds_roundsTowardZeroOnce() {
    assertThat(SourceMtime.mtime32(FileTime.from(-1_500, TimeUnit.MILLISECONDS))).isEqualTo(-1);
  }

  @Test
  void mtime32_beyondAnInstant_keepsTheLowerBits() {
    FileTime time = FileTime.from((1L << 60) + (1L << 12), TimeUnit.SECONDS);
    assertThat(SourceMtime.mtime32(time)).isEqualTo(1 << 12);
  }

  @Test
  void size32_moreThanFourGibibytes_isTheRemainder() {
    assertThat(SourceMtime.size32((1L << 32) + 7)).isEqualTo(7);
    assertThat(SourceMtime.size32(3_000_000_000L)).isEqualTo((int) 3_000_000_000L);
  }
}
