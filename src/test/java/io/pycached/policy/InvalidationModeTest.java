package io.pycached.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import io.pycached.pyc.Magic;
import io.pycached.pyc.Magics;
import io.pycached.pyc.PycHeader;
import io.pycached.pyc.SourceHash;
import io.pycached.testing.Interpreter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The headers are those that the interpreters' own py_compile writes. */
final class InvalidationModeTest {
  @SuppressWarnings("unused") // By its name, below.
  private static final List<String> VERSIONS = Interpreter.SUPPORTED;

  private static final List<String> TEXTS = List.of("", "x = 1\n", "# caf\u00e9\n".repeat(1_000));

  /** One that a double rounds up, one before 1970, one past 2038. */
  private static final List<Instant> TIMES =
      List.of(
          Instant.parse("2026-03-04T05:06:07.123456789Z"),
          Instant.parse("2023-11-14T22:13:20.999999950Z"),
          Instant.parse("1969-12-31T23:59:58.5Z"),
          Instant.parse("2050-01-01T00:00:00Z"));

  private static final String HEADER =
      """
      def set_time(source, seconds, nanos):
          import os
          time = int(seconds) * 10 ** 9 + int(nanos)
          os.utime(source, ns=(time, time))
      def header(source, mode, target):
          import py_compile
          mode = py_compile.PycInvalidationMode[mode.decode()]
          py_compile.compile(source.decode(), target.decode(), doraise=True, invalidation_mode=mode)
          with open(target, 'rb') as pyc:
              return pyc.read(16).hex()
      """;

  private @TempDir Path directory;

  @ParameterizedTest
  @FieldSource("VERSIONS")
  void describe_anySource_isWhatTheInterpreterWrites(String version) throws Exception {
    try (Interpreter python = Interpreter.of(Interpreter.require(version))) {
      python.define(HEADER);
      Magic magic = magic(python);
      for (String text : TEXTS) {
        byte[] bytes = utf8(text);
        Path source = Files.write(directory.resolve("m.py"), bytes);
        for (Instant time : TIMES) {
          if (version.equals("3.8") && time.isAfter(Instant.parse("2038-01-01T00:00:00Z"))) {
            // Its py_compile cannot write that; its import system reads it all the same.
            continue;
          }
          FileTime mtime = FileTime.from(time);
          python.eval(
              "set_time(*args)",
              utf8(source.toString()),
              utf8(Long.toString(time.getEpochSecond())),
              utf8(Integer.toString(time.getNano())));
          for (InvalidationMode mode : InvalidationMode.values()) {
            PycHeader header = PycHeader.of(magic, mode.describe(magic, mtime, bytes));
            assertThat(HexFormat.of().formatHex(header.encode()))
                .as("%s bytes of %s, %s", bytes.length, time, mode)
                .isEqualTo(header(python, source, mode));
            assertThat(InvalidationMode.of(header.invalidation())).isEqualTo(mode);
          }
        }
      }
    }
  }

  private String header(Interpreter python, Path source, InvalidationMode mode) throws Exception {
    return python
        .eval(
            "header(*args)",
            utf8(source.toString()),
            utf8(mode.name()),
            utf8(directory.resolve("m.pyc").toString()))
        .getAsString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Magic magic(Interpreter python) throws Exception {
    JsonArray bytes =
        python.eval("list(__import__('importlib.util').util.MAGIC_NUMBER)").getAsJsonArray();
    return Magics.find(bytes.get(0).getAsInt() | bytes.get(1).getAsInt() << 8).orElseThrow();
  }

  @Test
  void describe_hashThatCannotBeComputed_throws() {
    Magic unknown =
        Magics.allOf("graalpy242-312-native-x86_64-linux").stream()
            .findFirst()
            .or(() -> Magics.find(3379))
            .orElseThrow();
    assertThat(unknown.hash()).isEqualTo(SourceHash.Algorithm.UNKNOWN);
    FileTime mtime = FileTime.fromMillis(1);
    assertThatThrownBy(() -> InvalidationMode.CHECKED_HASH.describe(unknown, mtime, new byte[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
