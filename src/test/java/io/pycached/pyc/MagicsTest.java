package io.pycached.pyc;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.pyc.SourceHash.Algorithm;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MagicsTest {
  @ParameterizedTest
  @CsvSource({
    "3131, CPYTHON,  3.0,  true,   8, UNKNOWN,     ''",
    "3180, CPYTHON,  3.2,  true,   8, UNKNOWN,     cpython-32",
    "3230, CPYTHON,  3.3,  true,  12, UNKNOWN,     cpython-33",
    "3351, CPYTHON,  3.5,  true,  12, UNKNOWN,     cpython-35",
    "3379, CPYTHON,  3.6,  true,  12, UNKNOWN,     cpython-36",
    "3391, CPYTHON,  3.7,  false, 12, UNKNOWN,     cpython-37",
    "3392, CPYTHON,  3.7,  false, 16, SIPHASH_2_4, cpython-37",
    "3394, CPYTHON,  3.7,  true,  16, SIPHASH_2_4, cpython-37",
    "3401, CPYTHON,  3.8,  false, 16, SIPHASH_2_4, cpython-38",
    "3413, CPYTHON,  3.8,  true,  16, SIPHASH_2_4, cpython-38",
    "3425, CPYTHON,  3.9,  true,  16, SIPHASH_2_4, cpython-39",
    "3439, CPYTHON,  3.10, true,  16, SIPHASH_2_4, cpython-310",
    "3450, CPYTHON,  3.11, false, 16, SIPHASH_1_3, cpython-311",
    "3495, CPYTHON,  3.11, true,  16, SIPHASH_1_3, cpython-311",
    "3531, CPYTHON,  3.12, true,  16, SIPHASH_1_3, cpython-312",
    "3571, CPYTHON,  3.13, true,  16, SIPHASH_1_3, cpython-313",
    "3626, CPYTHON,  3.14, false, 16, SIPHASH_1_3, cpython-314",
    "3627, CPYTHON,  3.14, true,  16, SIPHASH_1_3, cpython-314",
    "3650, CPYTHON,  3.15, false, 16, SIPHASH_1_3, cpython-315",
    "3699, CPYTHON,  3.15, false, 16, SIPHASH_1_3, cpython-315",
    "112,  PYPY,     3.5,  true,  12, UNKNOWN,     pypy35",
    "192,  PYPY,     3.6,  true,  12, UNKNOWN,     pypy36",
    "240,  PYPY,     3.7,  true,  16, SIPHASH_2_4, pypy37",
    "336,  PYPY,     3.9,  true,  16, SIPHASH_2_4, pypy39",
    "432,  PYPY,     3.11, true,  16, SIPHASH_2_4, pypy311",
    "21290, GRAALPY, 3,    true,  16, UNKNOWN,     ''",
  })
  void find_knownNumber_tellsWhoWritesIt(
      int number,
      Implementation implementation,
      String python,
      boolean release,
      int headerBytes,
      Algorithm hash,
      String tag) {
    assertThat(Magics.find(number))
        .contains(new Magic(number, implementation, python, release, headerBytes, hash))
        .hasValueSatisfying(magic -> assertThat(magic.cacheTag()).isEqualTo(tag));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2999, 3402, 3572, 3628, 3649, 3700, 20999, 22000, 62211, 65535, -1})
  void find_unknownNumber_isEmpty(int number) {
    assertThat(Magics.find(number)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "cpython-32, 3180",
    "cpython-35, 3350 3351",
    "cpython-37, 3394",
    "cpython-38, 3413",
    "cpython-39, 3425",
    "cpython-310, 3439",
    "cpython-311, 3495",
    "cpython-312, 3531",
    "cpython-313, 3571",
    "cpython-314, 3627",
    "cpython-315, ''",
    "cpython-316, ''",
    "pypy39, 320 336",
    "pypy311, 416 432",
    "graalpy242-311, ''",
    "'', ''",
  })
  void releasesOf_tag_areItsFinalNumbers(String tag, String numbers) {
    assertThat(Magics.releasesOf(tag).stream().map(Magic::number).map(String::valueOf))
        .containsExactly(numbers.isEmpty() ? new String[0] : numbers.split(" ", -1));
  }

  @Test
  void allOf_tag_includesPreReleasesInOrder() {
    assertThat(Magics.allOf("cpython-38"))
        .extracting(Magic::number)
        .isEqualTo(List.of(3400, 3401, 3410, 3411, 3412, 3413));
    assertThat(Magics.allOf("cpython-315"))
        .extracting(Magic::number)
        .isEqualTo(IntStream.rangeClosed(3650, 3699).boxed().toList());
    assertThat(Magics.allOf("nothing")).isEmpty();
  }

  @Test
  void rawAndHex_ofANumber_areTheFirstFourBytes() {
    Magic magic = Magics.find(3531).orElseThrow();
    assertThat(magic.raw()).isEqualTo(0x0A0D0DCB);
    assertThat(magic.hex()).isEqualTo("cb0d0d0a");
  }
}
