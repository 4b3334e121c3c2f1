package io.pycached.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where an interpreter's options end, and which of them matter. */
final class PythonCommandTest {

  @ParameterizedTest
  @CsvSource({
    "python3 -I -c pass, -I",
    "python3 -E x.py, -E",
    "python3 -sSE x.py, -E",
    "python3 -W error -I x.py, -I",
    "python3 -Werror -I x.py, -I",
    "python3 -X utf8 -X pycache_prefix=/p x.py, -X pycache_prefix",
    "python3 -Xpycache_prefix x.py, -X pycache_prefix",
    "python3 --check-hash-based-pycs never -I x.py, -I",
    "python3,",
    "python3 x.py -I,",
    "python3 -m tool -E,",
    "python3 -c pass -I,",
    "python3 -mEvent,",
    "python3 -W Ignore x.py,",
    "python3 -XIE x.py,",
    "python3 - -I,",
    "python3 -- -I,",
    "python3 -X pycache_prefixes x.py,"
  })
  void ignoresPrefix_isTheOptionThatDoes(String line, String option) {
    assertThat(new PythonCommand(List.of(line.split(" "))).ignoresPrefix().orElse(null))
        .isEqualTo(option);
  }

  @Test
  void timed_putsTheOptionBehindTheInterpreter() {
    assertThat(new PythonCommand(List.of("py", "-m", "x", "-X")).timed())
        .containsExactly("py", "-X", "importtime", "-m", "x", "-X");
  }
}
