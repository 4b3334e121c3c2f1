package io.pycached.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class InterpreterTest {
  private final Path executable = Interpreter.require("3.12");

  @Test
  void eval_expressionWithBytes_answersJson() throws Interpreter.Crash {
    try (Interpreter python = Interpreter.of(executable)) {
      var answer =
          python.eval(
              "[args[0].decode(), len(args[1]), None]",
              "h\u00e9".getBytes(UTF_8),
              new byte[70_000]);
      assertThat(answer).hasToString("[\"h\u00e9\",70000,null]");
    }
  }

  @Test
  void eval_expressionThatRaises_saysWhat() {
    try (Interpreter python = Interpreter.of(executable)) {
      assertThatThrownBy(() -> python.eval("{}['missing']"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageEndingWith("KeyError: 'missing'");
    }
  }

  @Test
  void eval_afterTheChildDied_answersAgainWithItsDefinitions() throws Interpreter.Crash {
    try (Interpreter python = Interpreter.of(executable)) {
      python.define("import os\ndef twice(n):\n  return 2 * n");
      int first = python.eval("os.getpid()").getAsInt();
      assertThatThrownBy(() -> python.eval("os.abort()")).isInstanceOf(Interpreter.Crash.class);
      assertThat(python.eval("twice(21)").getAsInt()).isEqualTo(42);
      assertThat(python.eval("os.getpid()").getAsInt()).isNotEqualTo(first);
    }
  }

  @Test
  void of_missingExecutable_crashesAtTheFirstQuestion() {
    try (Interpreter python = Interpreter.of(executable.resolveSibling("python-absent"))) {
      assertThatThrownBy(() -> python.eval("1"))
          .isInstanceOf(Interpreter.Crash.class)
          .hasMessageContaining("python-absent");
    }
  }
}
