package io.pycached.it;

import static io.pycached.it.JsonShape.assertShape;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import io.pycached.layout.RawPath;
import io.pycached.testing.Interpreter;
import io.pycached.testing.Pycached;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code pycached env}: a real shell evaluates it, and a real interpreter uses the prefix. */
final class EnvIT {
  /** Raw: one character a byte. */
  private static final List<String> NAMES =
      List.of(
          "plain",
          "two words",
          "it's \"quoted\"",
          "''",
          "back\\slash\\",
          "\\'",
          "$HOME `id` $(id) !! ~ * ; & | # %",
          "new\nline\n",
          "-dash",
          "na\u00c3\u00afve",
          "byte\u00ff\u00fe");

  private static final String SHOW =
      "import os, sys; sys.stdout.buffer.write(os.fsencode(sys.pycache_prefix))";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "sh, sh, 'eval \"$(cat)\"'",
    "bash, sh, 'eval \"$(cat)\"'",
    "dash, sh, 'eval \"$(cat)\"'",
    "fish, fish, 'cat | source'"
  })
  void env_anyName_isWhatTheInterpreterUses(String shell, String language, String evaluate)
      throws Exception {
    assumeTrue(isInstalled(shell), shell + " is not installed here");
    Path python = Interpreter.require("3.12");
    for (String name : NAMES) {
      String prefix = RawPath.of(directory) + "/" + name;
      Files.createDirectory(RawPath.toPath(FileSystems.getDefault(), prefix));
      Pycached.Result lines = Pycached.with("env", "--prefix=" + prefix, "--shell", language).run();
      assertThat(lines.status()).isZero();
      assertThat(lines.err()).isEmpty();
      Pycached.Result shown =
          Pycached.run(
              List.of(shell, "-c", evaluate + "; exec " + python + " -c '" + SHOW + "'"),
              Pycached.bareEnvironment(),
              lines.rawOut().getBytes(ISO_8859_1));
      assertThat(shown.rawOut()).as(shown.err()).isEqualTo(prefix);
    }
  }

  @Test
  void env_ofTheEnvironment_keepsItsBytes() throws Exception {
    String prefix = RawPath.of(directory) + "/byte\u00ff";
    // The JDK cannot hand over such a variable; a shell can.
    Pycached.Result lines =
        Pycached.run(
            List.of(
                "sh",
                "-c",
                "PYTHONPYCACHEPREFIX=$(cat) exec "
                    + Pycached.distribution().resolve("bin/pycached")
                    + " env"),
            Pycached.bareEnvironment(),
            prefix.getBytes(ISO_8859_1));
    assertThat(lines.rawOut()).isEqualTo("export PYTHONPYCACHEPREFIX='" + prefix + "'\n");
  }

  @Test
  void env_prefixNotThere_isSaidOnStandardError() throws Exception {
    Path prefix = directory.resolve("none");
    Pycached.Result result = Pycached.with("env", "--prefix", prefix.toString()).run();
    assertThat(result.status()).isZero();
    assertThat(result.out()).isEqualTo("export PYTHONPYCACHEPREFIX='" + prefix + "'\n");
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains(prefix + " does not exist yet");
    assertThat(prefix).doesNotExist();
  }

  @Test
  void env_json_namesPrefixAndVariables() throws Exception {
    JsonObject report =
        Pycached.with("env", "-o", "json", "--prefix", directory + "/byte\u00ff").run().json();
    assertShape(
        report,
        "{schema: whole, prefix: text, prefix_base64: text, exists: flag,"
            + " variables: {PYTHONPYCACHEPREFIX: text, PYTHONPYCACHEPREFIX_base64: text}}");
    assertThat(report.get("exists").getAsBoolean()).isFalse();
    assertThat(report.get("prefix").getAsString()).isEqualTo(directory + "/byte\\xff");
  }

  @Test
  void env_unknownShell_isAUsageError() throws Exception {
    Pycached.Result result = Pycached.with("env", "--shell", "cmd").run();
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).isEqualTo("pycached: --shell: expected sh or fish, found cmd\n");
  }

  private static boolean isInstalled(String program) throws Exception {
    List<String> command = List.of("sh", "-c", "command -v " + program);
    return Pycached.run(command, Pycached.bareEnvironment(), new byte[0]).status() == 0;
  }
}
