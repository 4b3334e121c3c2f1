package io.pycached.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pycached.layout.Variant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamedVariantsTest {
  @Test
  void parse_names_areKeptInTheirOrder() {
    assertThat(NamedVariants.parse(List.of("cpython-312.opt-2", "pypy39")).variants())
        .containsExactly(Variant.parse("cpython-312.opt-2"), Variant.parse("pypy39"));
  }

  @ParameterizedTest
  @CsvSource({
    "m.py,expected a cache tag",
    "cpython-312.opt-,expected a cache tag",
    "cpython-312.opt-5,'no optimization level, opt-1 or opt-2'",
    "cpython-312.opt-0,'no optimization level, opt-1 or opt-2'",
  })
  void parse_whatNoCompilerMakes_isRefusedByName(String text, String expected) {
    assertThatThrownBy(() -> NamedVariants.parse(List.of("cpython-312", text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected)
        .hasMessageEndingWith(", found " + text);
  }

  @Test
  void parse_moreThanTheBound_isRefused() {
    List<String> most = Collections.nCopies(NamedVariants.MOST, "cpython-312");
    assertThat(NamedVariants.parse(most).variants()).hasSize(64);
    assertThatThrownBy(() -> NamedVariants.parse(Collections.nCopies(65, "cpython-312")))
        .hasMessage("expected at most 64 variants, found 65");
  }
}
