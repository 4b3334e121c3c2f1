package io.pycached.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SpellingTest {

  private static final List<String> KNOWN = List.of("max-size", "max-files", "max-age", "warm");

  @ParameterizedTest
  @CsvSource({
    "max-sise,max-size",
    "maxsize,max-size",
    "wram,warm",
    "max-file,max-files",
    "arm,warm"
  })
  void nearest_slip_isFound(String word, String meant) {
    assertThat(Spelling.nearest(word, KNOWN)).hasValue(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "zzz", "size", "cold"})
  void nearest_otherWord_isNone(String word) {
    assertThat(Spelling.nearest(word, KNOWN)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {81, 1_000_000})
  void nearest_longWord_isNone(int length) {
    assertThat(Spelling.nearest("m".repeat(length), List.of("m".repeat(length)))).isEmpty();
  }
}
