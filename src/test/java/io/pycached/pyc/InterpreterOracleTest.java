package io.pycached.pyc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import io.pycached.testing.Interpreter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares this package with each Python interpreter found: whatever it says is right. */
final class InterpreterOracleTest {
  /** Damaged bodies for each interpreter; more find rarer disagreements. */
  private static final int MUTANTS = Integer.getInteger("pycached.oracle.mutants", 2_000);

  private static final int HASHED_SOURCES = 1_000;
  private static final int LIBRARY_BODIES = 120;
  private static final int BATCH = 500;

  private static final String DEFINITIONS =
      """
      import base64, importlib.util, marshal, os, resource, _imp
      RAW = int.from_bytes(importlib.util.MAGIC_NUMBER, 'little')
      CODE = type((lambda: 0).__code__)

      def verdict(body):
          try:
              return 'intact' if isinstance(marshal.loads(body), CODE) else 'not-code'
          except EOFError:
              return 'truncated'
          except MemoryError:
              return 'memory'
          except Exception:
              return 'malformed'

      # In a fork, because some bodies take the whole process along; also a later one's, since a
      # damaged instruction may write past its code object. So only the first of a fork crashes it.
      def verdicts(bodies):
          found = []
          while len(found) < len(bodies):
              start = len(found)
              readable, writable = os.pipe()
              child = os.fork()
              if child == 0:
                  resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
                  for body in bodies[start:]:
                      os.write(writable, verdict(body).encode() + b' ')
                  os._exit(0)
              os.close(writable)
              with os.fdopen(readable, 'rb') as pipe:
                  found += pipe.read().decode().split()
              if os.waitpid(child, 0)[1] != 0 and len(found) == start:
                  found.append('crash')
          return found

      def library(count):
          name = b'/srv/caf\\xe9/\\xc3\\xa9\\xff.py'.decode('utf-8', 'surrogateescape')
          yield marshal.dumps(compile('def f\\u00fc(): pass', name, 'exec'))
          top = os.path.dirname(os.__file__)
          names = sorted(n for n in os.listdir(top) if n.endswith('.py'))
          for name in names[::max(1, len(names) // count)]:
              path = os.path.join(top, name)
              try:
                  with open(importlib.util.cache_from_source(path), 'rb') as f:
                      data = f.read()
                  if data[:4] == importlib.util.MAGIC_NUMBER:
                      yield data[16:]
                      continue
              except OSError:
                  pass
              with open(path, 'rb') as f:
                  yield marshal.dumps(compile(f.read(), path, 'exec'))

      def summary(body):
          code = marshal.loads(body)
          return [code.co_filename.encode('utf-8', 'surrogateescape').hex(), code.co_name,
                  code.co_firstlineno, code.co_names,
                  [c.co_name for c in code.co_consts if isinstance(c, CODE)]]

      def stat_mtime(path, sec, nsec):
          os.utime(path, ns=(0, sec * 10**9 + nsec))
          return int(os.stat(path).st_mtime) & 0xFFFFFFFF
      """;

  static Stream<String> versions() {
    return Stream.concat(Stream.of("3.7"), Interpreter.SUPPORTED.stream());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void table_ofEachInterpreter_holdsItsMagicNumberAndTag(String version) throws Exception {
    try (Interpreter python = open(version)) {
      Magic magic = magic(python);
      assertThat(magic.python()).isEqualTo(version);
      assertThat(magic.hex())
          .isEqualTo(python.eval("importlib.util.MAGIC_NUMBER.hex()").getAsString());
      assertThat(magic.cacheTag())
          .isEqualTo(python.eval("__import__('sys').implementation.cache_tag").getAsString());
      assertThat(Magics.releasesOf(magic.cacheTag())).containsExactly(magic);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void sourceHash_ofRandomSources_isTheInterpreters(String version) throws Exception {
    try (Interpreter python = open(version)) {
      Magic magic = magic(python);
      Random random = new Random(20);
      byte[][] sources = new byte[HASHED_SOURCES][];
      for (int i = 0; i < sources.length; i++) {
        sources[i] = new byte[random.nextInt(1 + i)];
        random.nextBytes(sources[i]);
      }
      JsonArray hashes =
          python.eval("[_imp.source_hash(RAW, a).hex() for a in args]", sources).getAsJsonArray();
      for (int i = 0; i < sources.length; i++) {
        long hash = SourceHash.of(magic, sources[i]);
        assertThat(HexFormat.of().toHexDigits(Long.reverseBytes(hash)))
            .as("source %d", i)
            .isEqualTo(hashes.get(i).getAsString());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void header_ofTheInterpretersOwnMaking_isReadAndWritten(String version) throws Exception {
    try (Interpreter python = open(version)) {
      Magic magic = magic(python);
      byte[] source = "answer = 42\n".getBytes(StandardCharsets.UTF_8);
      String external = "__import__('importlib')._bootstrap_external.";
      byte[] timestamp = header(python, external + "_code_to_timestamp_pyc(None, 1 << 33 | 7, 9)");
      byte[] hash =
          header(
              python, external + "_code_to_hash_pyc(None, _imp.source_hash(RAW, args[0]))", source);
      PycHeader timestamped = PycHeader.of(magic, new Invalidation.Timestamp(7, 9));
      PycHeader hashed =
          PycHeader.of(magic, new Invalidation.Hash(SourceHash.of(magic, source), true));
      assertThat(PycHeader.parse(ByteBuffer.wrap(timestamp))).isEqualTo(timestamped);
      assertThat(PycHeader.parse(ByteBuffer.wrap(hash))).isEqualTo(hashed);
      assertThat(timestamped.encode()).isEqualTo(Arrays.copyOf(timestamp, 16));
      assertThat(hashed.encode()).isEqualTo(Arrays.copyOf(hash, 16));
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void mtime32_ofRealFiles_isTheInterpreters(String version, @TempDir Path directory)
      throws Exception {
    Path file = Files.createFile(directory.resolve("m.py"));
    try (Interpreter python = open(version)) {
      Random random = new Random(30);
      for (int i = 0; i < 200; i++) {
        long seconds = random.nextInt(8) == 0 ? -random.nextInt(3) : random.nextInt() & 0xFFFFFFFFL;
        int nanos = random.nextBoolean() ? random.nextInt(1_000_000_000) : 999_999_999 - i;
        JsonElement expected =
            python.eval(
                "stat_mtime(os.fsdecode(args[0]), %d, %d)".formatted(seconds, nanos),
                file.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(SourceMtime.mtime32(seconds, nanos))
            .as("%d s %d ns", seconds, nanos)
            .isEqualTo((int) expected.getAsLong());
        assertThat(SourceMtime.mtime32(Files.getLastModifiedTime(file)))
            .isEqualTo((int) expected.getAsLong());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void check_ofLibraryBodies_isIntactWithTheInterpretersSummary(String version) throws Exception {
    try (Interpreter python = open(version)) {
      Magic magic = magic(python);
      List<byte[]> bodies = library(python, LIBRARY_BODIES);
      JsonArray summaries =
          python.eval("[summary(a) for a in args]", bodies.toArray(byte[][]::new)).getAsJsonArray();
      assertThat(bodies).hasSizeGreaterThan(50);
      for (int i = 0; i < bodies.size(); i++) {
        JsonArray expected = summaries.get(i).getAsJsonArray();
        var summary =
            new CodeSummary(
                CodeFilename.of(HexFormat.of().parseHex(expected.get(0).getAsString())),
                expected.get(1).getAsString(),
                expected.get(2).getAsInt(),
                strings(expected.get(3)),
                strings(expected.get(4)));
        assertThat(MarshalCheck.check(ByteBuffer.wrap(bodies.get(i)), magic))
            .isEqualTo(new Body.Intact(summary, 0));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void check_ofCraftedBodies_agreesWithTheInterpreter(String version) throws Exception {
    try (Interpreter python = open(version)) {
      Magic magic = magic(python);
      compare(python, magic, CraftedBodies.of(magic));
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void check_ofEveryTruncation_agreesWithTheInterpreter(String version) throws Exception {
    try (Interpreter python = open(version)) {
      Magic magic = magic(python);
      byte[] body = smallest(library(python, LIBRARY_BODIES), 1).get(0);
      Map<String, byte[]> cut = new LinkedHashMap<>();
      for (int length = 0; length <= Math.min(body.length, 1_500); length++) {
        cut.put("first " + length + " bytes", Arrays.copyOf(body, length));
      }
      compare(python, magic, cut);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void check_ofDamagedBodies_agreesWithTheInterpreter(String version) throws Exception {
    try (Interpreter python = open(version)) {
      Magic magic = magic(python);
      List<byte[]> bodies = smallest(library(python, LIBRARY_BODIES), 40);
      Map<String, byte[]> mutants = new LinkedHashMap<>();
      for (int seed = 0; seed < MUTANTS; seed++) {
        mutants.put("seed " + seed, Mutant.of(bodies, new Random(seed)));
      }
      compare(python, magic, mutants);
    }
  }

  /** Fails with the list of all bodies on which verdicts differ. */
  private static void compare(Interpreter python, Magic magic, Map<String, byte[]> bodies)
      throws Interpreter.Crash {
    List<String> names = List.copyOf(bodies.keySet());
    List<byte[]> contents = List.copyOf(bodies.values());
    List<String> theirs = verdicts(python, contents);
    Set<String> differences = new TreeSet<>();
    Set<String> instrumented = new TreeSet<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      Body body = MarshalCheck.check(ByteBuffer.wrap(contents.get(i)), magic);
      String ours = label(body);
      seen.add(ours);
      if (agrees(ours, theirs.get(i))) {
        continue;
      }
      if (theirs.get(i).equals("crash") && mayBeInstrumented(magic, contents.get(i))) {
        instrumented.add(names.get(i));
      } else {
        differences.add(names.get(i) + ": " + theirs.get(i) + ", not " + body);
      }
    }
    assertThat(differences).as("%s of %d", magic.cacheTag(), names.size()).isEmpty();
    assertThat(seen).contains("truncated");
    assertThat(instrumented).hasSizeLessThanOrEqualTo(names.size() / 100);
  }

  /**
   * Since 3.12 an instruction damaged into INSTRUMENTED_LINE or INSTRUMENTED_INSTRUCTION crashes
   * the loader, which looks for monitoring data that no marshalled code has. That is a verdict on
   * instructions, which {@link MarshalCheck} does not look at.
   */
  private static boolean mayBeInstrumented(Magic magic, byte[] body) {
    Set<Integer> opcodes =
        switch (magic.python()) {
          case "3.12" -> Set.of(253, 254);
          case "3.13" -> Set.of(247, 254);
          default -> Set.of();
        };
    for (byte value : body) {
      if (opcodes.contains(value & 0xFF)) {
        return true;
      }
    }
    return false;
  }

  private static boolean agrees(String ours, String theirs) {
    return switch (theirs) {
      // What a size claims did not fit into the child's memory; elsewhere it would read on.
      case "memory" -> ours.equals("truncated") || ours.equals("malformed");
      case "crash" -> ours.equals("malformed");
      default -> ours.equals(theirs);
    };
  }

  private static List<String> verdicts(Interpreter python, List<byte[]> bodies)
      throws Interpreter.Crash {
    List<String> verdicts = new ArrayList<>();
    for (int from = 0; from < bodies.size(); from += BATCH) {
      List<byte[]> batch = bodies.subList(from, Math.min(from + BATCH, bodies.size()));
      verdicts.addAll(strings(python.eval("verdicts(args)", batch.toArray(byte[][]::new))));
    }
    return verdicts;
  }

  private static String label(Body body) {
    if (body instanceof Body.Damaged damaged) {
      return switch (damaged.defect()) {
        case TRUNCATED_BODY -> "truncated";
        case MALFORMED_BODY -> "malformed";
        case NOT_CODE -> "not-code";
        case SHORT_HEADER, BAD_MAGIC, UNKNOWN_MAGIC, BAD_FLAGS -> "a defect of a header";
      };
    }
    return body instanceof Body.Intact ? "intact" : "unchecked";
  }

  private static List<byte[]> smallest(List<byte[]> bodies, int count) {
    return bodies.stream().sorted(Comparator.comparingInt(b -> b.length)).limit(count).toList();
  }

  private static List<byte[]> library(Interpreter python, int count) throws Interpreter.Crash {
    JsonElement bodies =
        python.eval("[base64.b64encode(b).decode() for b in library(%d)]".formatted(count));
    return strings(bodies).stream().map(Base64.getDecoder()::decode).toList();
  }

  private static byte[] header(Interpreter python, String expression, byte[]... args)
      throws Interpreter.Crash {
    return HexFormat.of().parseHex(python.eval(expression + ".hex()", args).getAsString());
  }

  private static Interpreter open(String version) throws Interpreter.Crash {
    Interpreter python = Interpreter.of(Interpreter.require(version));
    python.define(DEFINITIONS);
    return python;
  }

  private static Magic magic(Interpreter python) throws Interpreter.Crash {
    return Magics.find(python.eval("RAW & 0xFFFF").getAsInt()).orElseThrow();
  }

  private static List<String> strings(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsString)
        .toList();
  }
}
