package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pycached.testing.Interpreter;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * CPython's own tests of its import system do under a prefix that a daemon looks after what they do
 * under one that nobody does.
 *
 * <p>All of {@code test.test_importlib}, and of {@code test.test_compileall} the classes that call
 * it as a library; those that start a command line for each case take half a minute more and add no
 * other way to write bytecode. Several of these tests expect bytecode in {@code __pycache__} and
 * fail under any prefix: what must not differ is which.
 */
final class PythonsOwnTestsIT {
  private static final String RUN =
      """
      import json, sys, unittest
      outcomes = {}
      class Kept(unittest.TestResult):
          def note(self, test, outcome):
              outcomes[str(test.id())] = outcome
          def addSuccess(self, test): self.note(test, 'passed')
          def addError(self, test, error): self.note(test, 'error ' + error[0].__name__)
          def addFailure(self, test, error): self.note(test, 'failed')
          def addSkip(self, test, reason): self.note(test, 'skipped')
          def addExpectedFailure(self, test, error): self.note(test, 'failed as expected')
          def addUnexpectedSuccess(self, test): self.note(test, 'passed unexpectedly')
          def addSubTest(self, test, subtest, error):
              if error: self.note(subtest, 'failed')
      def cases(suite):
          for case in suite:
              if isinstance(case, unittest.TestSuite):
                  yield from cases(case)
              elif not type(case).__name__.startswith('CommandLineTests'):
                  yield case
      loaded = unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:])
      unittest.TestSuite(cases(loaded)).run(Kept())
      sys.stderr.flush()
      sys.__stdout__.write('\\nOUTCOMES' + json.dumps(outcomes))
      """;

  /**
   * Orphans have their usual grace: several tests delete a source and expect its bytecode. And what
   * the tests write is theirs, as they compare inodes.
   */
  private static final String CONFIGURATION =
      """
      prefix = "%s"
      [admin]
      socket = "%s"
      [interpreters]
      discover = false
      executables = ["%s"]
      [[project]]
      name = "library"
      path = "%s"
      warm = "all"
      variants = ["cpython-312"]
      [[project]]
      name = "tests"
      path = "%s"
      warm = "none"
      [watch]
      debounce = "20ms"
      """;

  @TempDir Path directory;

  @Test
  void importlibAndCompileall_underALiveDaemon_doAsWithoutIt() throws Exception {
    Path python = Interpreter.require("3.12");
    Site site = Site.in(directory);
    Path library =
        Path.of(
            site.python(List.of("-c", "import os; print(os.path.dirname(os.__file__))")).strip());
    assumeTrue(Files.isDirectory(library.resolve("test/test_importlib")), "it has no tests");
    JsonObject without = run(python, Files.createDirectory(directory.resolve("alone")));
    Files.writeString(
        site.config(),
        CONFIGURATION.formatted(
            site.prefix(), site.socket(), python, library, directory.toRealPath().resolve("tmp")));
    try (PycachedDaemon daemon = site.daemon()) {
      JsonObject with = run(python, site.prefix());
      assertThat(differences(without, with)).isEmpty();
      assertThat(with.keySet()).hasSizeGreaterThan(1_000);
      assertThat(with.asMap().values().stream().filter(PythonsOwnTestsIT::hasPassed).count())
          .isGreaterThan(1_000);
      assertThat(daemon.log()).doesNotContain("Exception", "SEVERE");
    }
  }

  private static boolean hasPassed(JsonElement outcome) {
    return outcome.getAsString().equals("passed");
  }

  private static Map<String, String> differences(JsonObject without, JsonObject with) {
    Map<String, String> differences = new TreeMap<>();
    without.keySet().forEach(test -> differences.put(test, ""));
    with.keySet().forEach(test -> differences.put(test, ""));
    differences.replaceAll((test, none) -> without.get(test) + " without, with " + with.get(test));
    differences
        .keySet()
        .removeIf(test -> without.has(test) && without.get(test).equals(with.get(test)));
    return differences;
  }

  /** {@return the outcome of each test} */
  private JsonObject run(Path python, Path prefix) throws Exception {
    Map<String, String> environment = new TreeMap<>(Pycached.bareEnvironment());
    environment.put("PYTHONPYCACHEPREFIX", prefix.toString());
    Path temporary = Files.createDirectories(directory.toRealPath().resolve("tmp"));
    environment.put("TMPDIR", temporary.toString());
    environment.put("LC_ALL", "C.UTF-8");
    Pycached.Result result =
        Pycached.run(
            List.of(python.toString(), "-c", RUN, "test.test_importlib", "test.test_compileall"),
            environment,
            new byte[0]);
    int at = result.out().lastIndexOf("OUTCOMES");
    assertThat(at).as("what it says: %s", result.err()).isNotNegative();
    return JsonParser.parseString(result.out().substring(at + "OUTCOMES".length()))
        .getAsJsonObject();
  }
}
