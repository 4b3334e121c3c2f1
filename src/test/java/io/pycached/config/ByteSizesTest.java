package io.pycached.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteSizesTest {

  @ParameterizedTest
  @CsvSource({
    "4096,4096",
    "7 B,7",
    "2KiB,2048",
    "3 MiB,3145728",
    "4 GiB,4294967296",
    "5 TiB,5497558138880",
    "6 kB,6000",
    "6 KB,6000",
    "7 MB,7000000",
    "8 GB,8000000000",
    "9 TB,9000000000000",
    "1.5 KiB,1536",
    "0.0001 KiB,0",
    "9999999999999999999 TiB,10995116277759999998900488372224",
  })
  void parse_size_isRead(String text, BigInteger expected) {
    assertThat(ByteSizes.parse(text)).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "GiB", "4 gib", "4  GiB", "-4 GiB", "4 XB", ".5 GiB", "1e9", "4 GiB "})
  void parse_otherText_isRefused(String text) {
    assertThat(ByteSizes.parse(text)).isEmpty();
  }
}
