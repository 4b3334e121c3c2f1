package io.pycached.measure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The interpreter's lines in the midst of a program's. */
final class ImportTimeReaderTest {
  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

  private ImportTimes read(String text) throws IOException {
    return new ImportTimeReader(new ByteArrayInputStream(text.getBytes(UTF_8)), rest).read();
  }

  @Test
  void read_mixedLines_takesTheTimesAndPassesTheRestOn() throws IOException {
    ImportTimes times =
        read(
            """
            import time: self [us] | cumulative | imported package
            import time:       123 |        456 |   encodings.aliases
            a warning
            no end of line yetimport time:        70 |         70 |       na\u00efve mod
            import time: soon | never | mine
            import time:       123 |        456 |   encodings.aliases
            the last words""");
    assertThat(times.byModule())
        .isEqualTo(Map.of("encodings.aliases", 246L, "na\u00efve mod", 70L));
    assertThat(times.total()).isEqualTo(316);
    assertThat(rest.toString(UTF_8))
        .isEqualTo("a warning\nno end of line yetimport time: soon | never | mine\nthe last words");
  }

  @Test
  void read_lineWithoutEnd_isPassedOnInBoundedMemory() throws IOException {
    String flood = "x".repeat(1_000_003);
    ImportTimes times = read(flood + "\nimport time:         5 |          5 | a\n");
    assertThat(times.byModule()).isEqualTo(Map.of("a", 5L));
    assertThat(rest.toString(UTF_8)).isEqualTo(flood + "\n");
  }

  @Test
  void read_tooManyModules_countsThemForTheTotal() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ImportTimes.MAX_MODULES + 7; i++) {
      text.append("import time:         2 |          2 | m").append(i).append('\n');
    }
    ImportTimes times = read(text.toString());
    assertThat(times.byModule()).hasSize(ImportTimes.MAX_MODULES);
    assertThat(times.total()).isEqualTo(2L * (ImportTimes.MAX_MODULES + 7));
  }
}
