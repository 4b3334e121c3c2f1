package io.pycached.it;

import static io.pycached.it.JsonShape.assertShape;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pycached.testing.Interpreter;
import io.pycached.testing.Pycached;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pycached measure}, with real interpreters and a module that takes long to compile. */
final class MeasureIT {
  @TempDir Path directory;
  private Site site;
  private Path temporary;

  @BeforeEach
  void fill() throws Exception {
    site = Site.in(directory);
    temporary = Files.createDirectory(site.top().resolve("tmp"));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4000; i++) {
      text.append("def f%d(a, b):\n    return [a + %d, {b: a * %d}]\n".formatted(i, i, i));
    }
    site.source("slow.py", text.toString());
  }

  private Pycached.Result measure(Path python, String code, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of(options));
    words.addAll(List.of("--", python.toString(), "-c", code));
    return site.command("measure", words.toArray(new String[0]))
        .environment("PYTHONPATH", site.root().toString())
        .environment("PYCACHED_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary)
        .input("never read")
        .run();
  }

  private static JsonObject module(JsonObject report, String name) {
    return report.getAsJsonArray("modules").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .filter(module -> module.get("name").getAsString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void measure_warmPrefix_showsWhatCompilingTakes() throws Exception {
    for (Path python : Interpreter.found().values()) {
      if (python.toString().contains("3.7")) {
        continue; // Has no prefix.
      }
      Pycached.run(
          List.of(
              "env",
              "PYTHONPYCACHEPREFIX=" + site.prefix(),
              "PYTHONPATH=" + site.root(),
              python.toString(),
              "-c",
              "import slow"),
          Pycached.bareEnvironment(),
          new byte[0]);
      List<Path> before = Site.below(site.prefix());
      Pycached.Result result = measure(python, "import slow", "-o", "json", "--repeat", "1");
      assertThat(result.status()).as("%s", result).isZero();
      assertThat(result.err()).isEmpty();
      JsonObject report = result.json();
      assertShape(
          report,
          "{schema: whole, prefix: text, command: [text], repetitions: whole,"
              + " exit_statuses: [whole],"
              + " cold: {import_microseconds: whole, elapsed_seconds: number},"
              + " warm: {import_microseconds: whole, elapsed_seconds: number},"
              + " saved_microseconds: whole, modules: [{name: text, cold_microseconds: whole,"
              + " warm_microseconds: whole, saved_microseconds: whole}]}");
      JsonObject slow = module(report, "slow");
      assertThat(slow.get("cold_microseconds").getAsLong())
          .as("%s", slow)
          .isGreaterThan(3 * slow.get("warm_microseconds").getAsLong());
      // Nothing was written anywhere.
      assertThat(Site.below(site.prefix())).isEqualTo(before);
    }
    assertThat(temporary).isEmptyDirectory();
    assertThat(site.root().resolve("__pycache__")).doesNotExist();
  }

  @Test
  void measure_prefixNotWarm_isNotWarmedByIt() throws Exception {
    Files.createDirectory(site.prefix());
    Pycached.Result result = measure(Interpreter.require("3.12"), "import slow");
    assertThat(result.status()).isZero();
    assertThat(site.prefix()).isEmptyDirectory();
    assertThat(result.out()).contains("  slow\n", "(all imports)\n", "(the whole run)\n");
  }

  @Test
  void measure_whatTheProgramPrints_isShownOnceOnStandardError() throws Exception {
    String code =
        "import sys; print(repr(sys.stdin.read())); sys.stdout.flush(); sys.stderr.write('to err');"
            + " import slow; print('done', file=sys.stderr)";
    Pycached.Result result = measure(Interpreter.require("3.12"), code);
    assertThat(result.err()).startsWith("the prefix " + site.prefix() + " does not exist");
    assertThat(result.err().lines().skip(1).sorted()).containsExactly("''", "to errdone");
    assertThat(result.out()).doesNotContain("done").contains("  slow\n");
  }

  @Test
  void measure_programWritesBytecodeAllTheSame_leavesNoTemporaryFile() throws Exception {
    Pycached.Result result =
        measure(
            Interpreter.require("3.12"),
            "import sys; sys.dont_write_bytecode = False; import slow");
    assertThat(result.status()).isZero();
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void measure_failingCommand_is1AndTellsTheStatus() throws Exception {
    Pycached.Result result =
        measure(Interpreter.require("3.12"), "import slow; raise SystemExit(3)", "--repeat", "2");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("ended with exit status 3 in 4 runs");
    assertThat(result.out()).contains("  slow\n");
  }

  @Test
  void measure_noInterpreter_isAUsageError() throws Exception {
    Pycached.Result silent = site.command("measure", "--", "true").run();
    assertThat(silent.status()).isEqualTo(2);
    assertThat(silent.err()).contains("pycached: true: expected a Python interpreter");
    Pycached.Result missing = site.command("measure", "--", "/nonexistent/python").run();
    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.err()).contains("/nonexistent/python: cannot be run: ");
    Pycached.Result isolated = site.command("measure", "--", "python3", "-I", "-c", "pass").run();
    assertThat(isolated.status()).isEqualTo(2);
    assertThat(isolated.err()).contains("-I has the interpreter ignore PYTHONPYCACHEPREFIX");
    for (String number : List.of("0", "101", "x", "-1")) {
      Pycached.Result wrong = site.command("measure", "--repeat=" + number, "--", "true").run();
      assertThat(wrong.status()).as(number).isEqualTo(2);
    }
    assertThat(site.command("measure").run().status()).isEqualTo(2);
  }
}
