package io.pycached.layout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import io.pycached.testing.Interpreter;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the mapping of paths with each Python interpreter found: whatever it says is right. */
final class LayoutOracleTest {
  /** Paths for each interpreter, working directory, prefix and optimization level. */
  private static final int PATHS = Integer.getInteger("pycached.oracle.paths", 600);

  private static final String DEFINITIONS =
      """
      import importlib.util, os, sys

      def cached(directory, prefix, level, sources):
          os.chdir(os.fsdecode(directory))
          sys.pycache_prefix = os.fsdecode(prefix)
          found = []
          for source in sources:
              try:
                  path = importlib.util.cache_from_source(os.fsdecode(source), optimization=level)
                  found.append(os.fsencode(path).hex())
              except IndexError:
                  found.append('')
          return found
      """;

  /** Raw. */
  private static final List<String> COMPONENTS =
      List.of(
          "",
          ".",
          "..",
          "srv",
          "a b",
          "caf\u00e9",
          "\u00c3\u00a9",
          "\u00ff\u00fe",
          "two\nlines",
          ".venv",
          "python3.12",
          "C:",
          "lib.py");

  private static final List<String> ATOMS =
      List.of(
          "foo",
          "x",
          "a b",
          "\u00c3\u00a9",
          "\u00ff",
          "\n",
          ".",
          ".",
          "..",
          "-",
          "__init__",
          "123",
          "cpython-312",
          ".cpython-311",
          "pypy39",
          "graalpy",
          "opt-1",
          ".opt-1",
          "-pytest-8",
          "-pytest-8.3.4",
          ".pyc",
          "py",
          "cpython-");

  private static final List<String> EXTENSIONS =
      List.of(".py", ".py", ".py", ".pyw", "", "", ".txt", ".PY", ".pyc", ".", ".so.1", ".\u00e9");

  private @TempDir Path top;

  static Stream<String> versions() {
    return Interpreter.SUPPORTED.stream();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void path_ofGeneratedSources_isTheInterpreters(String version) throws Exception {
    Random random = new Random(40);
    try (Interpreter python = Interpreter.of(Interpreter.require(version))) {
      python.define(DEFINITIONS);
      CacheTag tag = new CacheTag(python.eval("sys.implementation.cache_tag").getAsString());
      TreeSet<String> differences = new TreeSet<>();
      for (String directory : workingDirectories()) {
        for (String prefix : List.of("/pfx", "/var/p\u00e9/")) {
          for (String level : List.of("", "1", "2")) {
            List<String> sources = sources(random);
            List<String> theirs = ask(python, directory, prefix, level, sources);
            CacheFromSource ours = new CacheFromSource(prefix, directory);
            Variant variant = new Variant(tag, level);
            for (int i = 0; i < sources.size(); i++) {
              String path = ours.path(sources.get(i), variant).orElse("");
              if (!path.equals(theirs.get(i))) {
                differences.add(
                    "'%s' in '%s': '%s', not '%s'"
                        .formatted(sources.get(i), directory, theirs.get(i), path));
              }
              if (!leadsBack(sources.get(i), theirs.get(i), variant)) {
                differences.add(
                    "'%s' is not among the sources of '%s'"
                        .formatted(sources.get(i), theirs.get(i)));
              }
            }
          }
        }
      }
      assertThat(differences).isEmpty();
    }
  }

  /** Whether the name of the bytecode names the source again, where it should. */
  private static boolean leadsBack(String source, String cached, Variant variant) {
    String tail = source.substring(source.lastIndexOf('/') + 1);
    boolean named =
        tail.endsWith(".py") || tail.endsWith(".pyw") || (tail.indexOf('.') < 0 && !tail.isEmpty());
    if (cached.isEmpty() || !named) {
      return true;
    }
    return MirrorName.parse(cached.substring(cached.lastIndexOf('/') + 1))
            instanceof MirrorName.Bytecode bytecode
        && bytecode.sourceNames().contains(tail)
        && bytecode.variant().equals(variant);
  }

  private List<String> workingDirectories() throws IOException {
    List<String> directories = new ArrayList<>(List.of("/"));
    for (String name : List.of("plain", "sp ace", "\u00e9\u00ff")) {
      Path directory = top.toRealPath().resolve(RawPath.toPath(FileSystems.getDefault(), name));
      directories.add(RawPath.of(Files.createDirectories(directory)));
    }
    return directories;
  }

  private static List<String> sources(Random random) {
    List<String> sources = new ArrayList<>(PATHS);
    while (sources.size() < PATHS) {
      StringBuilder source = new StringBuilder("/".repeat(random.nextInt(3)));
      for (int i = random.nextInt(5); i > 0; i--) {
        source.append(pick(random, COMPONENTS)).append('/');
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        source.append(pick(random, ATOMS));
      }
      sources.add(source.append(pick(random, EXTENSIONS)).toString());
    }
    return sources;
  }

  private static String pick(Random random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static List<String> ask(
      Interpreter python, String directory, String prefix, String level, List<String> sources)
      throws Interpreter.Crash {
    List<byte[]> args = new ArrayList<>();
    args.add(directory.getBytes(ISO_8859_1));
    args.add(prefix.getBytes(ISO_8859_1));
    sources.forEach(source -> args.add(source.getBytes(ISO_8859_1)));
    JsonArray answers =
        python
            .eval(
                "cached(args[0], args[1], '%s', args[2:])".formatted(level),
                args.toArray(byte[][]::new))
            .getAsJsonArray();
    List<String> paths = new ArrayList<>();
    answers.forEach(
        answer -> paths.add(new String(HexFormat.of().parseHex(answer.getAsString()), ISO_8859_1)));
    return paths;
  }
}
