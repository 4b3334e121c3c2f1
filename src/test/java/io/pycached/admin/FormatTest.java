package io.pycached.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FormatTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|JSON",
        "*/*|JSON",
        "text/plain|TEXT",
        "Text/Plain; charset=utf-8|TEXT",
        "text/plain, */*;q=0.1|TEXT",
        "text/*|JSON",
        "application/json|JSON",
        "application/json, text/plain;q=0.9|JSON",
        "application/json;q=0.8, text/plain;q=0.9|TEXT",
        "text/plain;q=0|JSON",
        "text/plain;q=much|JSON",
        "text/html,application/xhtml+xml,*/*;q=0.8|JSON",
      })
  void of_accept_isWhatTheClientPrefers(String accept, Format expected) {
    assertThat(Format.of(accept)).isEqualTo(expected);
  }
}
