package io.pycached.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VariableCheckTest {
  private static final Path PREFIX = Path.of("/var/cache/p");

  @ParameterizedTest
  @CsvSource({
    "/var/cache/p, OK",
    "/var/cache/p/, OK",
    "/var//cache/./p, OK",
    "/var/cache/q, WARNING",
    "'', WARNING",
    "cache, PROBLEM",
    "~/cache, PROBLEM",
  })
  void look_value_isJudged(String value, Severity severity) {
    VariableCheck check = new VariableCheck(PREFIX, Map.of("PYTHONPYCACHEPREFIX", value), true);
    assertThat(check.look()).extracting(Diagnosis::severity).containsExactly(severity);
  }

  @Test
  void look_notSet_offersWhatSetsIt() {
    VariableCheck check = new VariableCheck(PREFIX, Map.of(), true);
    assertThat(check.look())
        .containsExactly(
            Diagnosis.warning(
                check,
                "PYTHONPYCACHEPREFIX is not set here: Python does not use the prefix",
                "eval \"$(pycached env --prefix /var/cache/p)\""));
  }

  @Test
  void look_writingSwitchedOff_isAmissWhereInterpretersWrite() {
    Map<String, String> environment =
        Map.of("PYTHONPYCACHEPREFIX", "/var/cache/p", "PYTHONDONTWRITEBYTECODE", "x");
    assertThat(new VariableCheck(PREFIX, environment, true).look())
        .extracting(Diagnosis::severity)
        .containsExactly(Severity.OK, Severity.WARNING);
    assertThat(new VariableCheck(PREFIX, environment, false).look())
        .extracting(Diagnosis::severity)
        .containsExactly(Severity.OK);
  }
}
