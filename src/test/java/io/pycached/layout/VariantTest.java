package io.pycached.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VariantTest {

  @ParameterizedTest
  @ValueSource(strings = {"cpython-312", "cpython-312.opt-1", "pypy39.opt-typeguard442"})
  void parse_whatToStringWrote_isTheSame(String text) {
    assertThat(Variant.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "v2", "cpython-312.opt-", "cpython-312.opt-a.b", "cpython-312.1", ".opt-1"})
  void parse_noVariant_isRefused(String text) {
    assertThatThrownBy(() -> Variant.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void compareTo_variants_ordersByTagThenLevel() {
    assertThat(
            Stream.of("pypy39", "cpython-312.opt-1", "cpython-38", "cpython-312")
                .map(Variant::parse)
                .sorted())
        .extracting(Variant::toString)
        .containsExactly("cpython-312", "cpython-312.opt-1", "cpython-38", "pypy39");
  }
}
