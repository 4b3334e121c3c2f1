package io.pycached.survey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import io.pycached.pyc.Invalidation;
import io.pycached.pyc.Mutant;
import io.pycached.pyc.PycHeader;
import io.pycached.testing.Interpreter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damages whole files of each interpreter's standard library, and compares the verdict with what
 * {@code SourceFileLoader.get_code} of that interpreter makes of each mutant: it loads it, compiles
 * the source again, raises, or crashes.
 */
final class MutantOracleTest {
  /** Files of all versions together, and mutants of each; more find rarer disagreements. */
  private static final int FILES = Integer.getInteger("pycached.mutants.files", 2_000);

  private static final int MUTANTS = Integer.getInteger("pycached.mutants.each", 3);
  private static final long SEED = Long.getLong("pycached.mutants.seed", 2_024);
  private static final int BATCH = 250;

  /** Differences that are known, and how large a part of the mutants each may be. */
  private enum Tolerated {
    /**
     * Since 3.12 an instruction damaged into INSTRUMENTED_LINE or INSTRUMENTED_INSTRUCTION crashes
     * the loader, which looks for monitoring data that no marshalled code has. That is a verdict on
     * instructions, which the check does not look at.
     */
    CRASHES_AT_AN_INSTRUCTION(0.02),

    /**
     * A size that the file claims does not fit into the child's memory; elsewhere the interpreter
     * would read on and find the file too short.
     */
    OUT_OF_MEMORY(0.05),

    /** What the interpreter crashes at, and the file's structure shows: malformed for us. */
    CRASHES_AT_THE_STRUCTURE(0.02);

    private final double part;

    Tolerated(double part) {
      this.part = part;
    }

    static Optional<Tolerated> of(MirrorFile file, String theirs, byte[] bytes, String version) {
      if (theirs.equals("loaded raised MemoryError")) {
        return file.verdict() == Verdict.CORRUPT_TRUNCATED_BODY
                || file.verdict() == Verdict.CORRUPT_MALFORMED_BODY
            ? Optional.of(OUT_OF_MEMORY)
            : Optional.empty();
      }
      if (!theirs.equals("crash")) {
        return Optional.empty();
      }
      if (file.verdict() == Verdict.CORRUPT_MALFORMED_BODY) {
        return Optional.of(CRASHES_AT_THE_STRUCTURE);
      }
      return mayBeInstrumented(bytes, version)
          ? Optional.of(CRASHES_AT_AN_INSTRUCTION)
          : Optional.empty();
    }

    private static boolean mayBeInstrumented(byte[] bytes, String version) {
      Set<Integer> opcodes =
          switch (version) {
            case "3.12" -> Set.of(253, 254);
            case "3.13" -> Set.of(247, 254);
            default -> Set.of();
          };
      for (int i = PycHeader.MAX_BYTES; i < bytes.length; i++) {
        if (opcodes.contains(bytes[i] & 0xFF)) {
          return true;
        }
      }
      return false;
    }
  }

  private static final String DEFINITIONS =
      """
      import importlib.machinery, importlib.util, os, py_compile, random, resource, sys
      external = sys.modules['_frozen_importlib_external']
      compile_bytecode = external._compile_bytecode

      # The bytecode as it was installed, or else as it is compiled now.
      def library(count, seed, directory):
          top, sources = os.path.dirname(os.__file__), []
          for path, below, names in os.walk(top):
              below[:] = [name for name in below if name != 'site-packages']
              sources += [os.path.join(path, name) for name in names if name.endswith('.py')]
          sources.sort()
          random.Random(seed).shuffle(sources)
          found = []
          for source in sources:
              cached = importlib.util.cache_from_source(source, optimization='')
              if not os.path.exists(cached):
                  cached = os.path.join(os.fsdecode(directory), 'own%d.pyc' % len(found))
                  try:
                      py_compile.compile(source, cfile=cached, doraise=True)
                  except (py_compile.PyCompileError, RecursionError):
                      continue
              found.append(cached)
              if len(found) == count:
                  break
          return found

      class Loader(importlib.machinery.SourceFileLoader):
          seen = 'nothing'
          def source_to_code(self, data, path, **options):
              self.seen = 'recompiled'
              return library.__code__

      def decide(source):
          loader = Loader('m', source)
          def watched(*args, **options):
              loader.seen = 'loaded'
              return compile_bytecode(*args, **options)
          external._compile_bytecode = watched
          try:
              loader.get_code('m')
          except Exception as e:
              kind = ValueError if isinstance(e, ValueError) else type(e)
              return loader.seen + ' raised ' + kind.__name__
          return loader.seen

      # In a fork, which a crash takes along. A damaged instruction may write past its code object,
      # and so crash at a later file: blamed is only the first one of a fork.
      def decide_all(sources, prefix):
          sys.pycache_prefix = os.fsdecode(prefix)
          found = []
          while len(found) < len(sources):
              start = len(found)
              readable, writable = os.pipe()
              child = os.fork()
              if child == 0:
                  resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
                  for source in sources[start:]:
                      os.write(writable, decide(os.fsdecode(source)).encode() + b'\\n')
                  os._exit(0)
              os.close(writable)
              with os.fdopen(readable, 'rb') as pipe:
                  found += pipe.read().decode().splitlines()
              if os.waitpid(child, 0)[1] != 0 and len(found) == start:
                  found.append('crash')
          return found
      """;

  private @TempDir Path top;

  static Stream<String> versions() {
    return Interpreter.SUPPORTED.stream();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void survey_ofMutants_decidesAsTheInterpreterDoes(String version) throws Exception {
    Workplace work = Workplace.in(top);
    Set<String> differences = new TreeSet<>();
    Map<Tolerated, Integer> tolerated = new EnumMap<>(Tolerated.class);
    Set<Verdict> seen = new HashSet<>();
    int mutants = 0;
    try (Interpreter python = Interpreter.of(Interpreter.require(version))) {
      python.define(DEFINITIONS);
      List<byte[]> files = library(python, FILES / Interpreter.SUPPORTED.size());
      assertThat(files).hasSize(FILES / Interpreter.SUPPORTED.size());
      String tag = python.eval("sys.implementation.cache_tag").getAsString();
      Random random = new Random(SEED);
      for (int from = 0; from < files.size(); from += BATCH / MUTANTS) {
        String below = "from" + from;
        List<byte[]> batch = files.subList(from, Math.min(from + BATCH / MUTANTS, files.size()));
        List<byte[]> sources = new ArrayList<>();
        for (int i = 0; i < batch.size() * MUTANTS; i++) {
          byte[] original = batch.get(i / MUTANTS);
          String name = below + "/m" + i;
          sources.add(source(work, name + ".py", original).toString().getBytes(UTF_8));
          work.bytecode(name + "." + tag + ".pyc", Mutant.of(original, files, random));
        }
        sources.add(work.prefix().toString().getBytes(UTF_8));
        List<String> decided =
            strings(python.eval("decide_all(args[:-1], args[-1])", sources.toArray(byte[][]::new)));
        Survey survey = work.survey(below, true);
        assertThat(survey.files()).hasSize(decided.size()).hasSize(batch.size() * MUTANTS);
        mutants += decided.size();
        for (MirrorFile file : survey.files()) {
          String name = file.name().toString();
          String theirs = decided.get(Integer.parseInt(name.substring(1, name.indexOf('.'))));
          byte[] bytes = Files.readAllBytes(work.mirror().resolve(below).resolve(name));
          seen.add(file.verdict());
          if (SurveyOracleTest.agrees(file, theirs)) {
            continue;
          }
          Optional<Tolerated> known = Tolerated.of(file, theirs, bytes, version);
          if (known.isPresent()) {
            tolerated.merge(known.get(), 1, Integer::sum);
          } else {
            differences.add(
                "%s/%s: %s, not %s (%s)"
                    .formatted(below, name, theirs, file.verdict(), file.detail()));
          }
        }
      }
    }
    assertThat(differences).as("of %d mutants of %s", mutants, version).isEmpty();
    assertThat(seen)
        .contains(
            Verdict.FRESH,
            Verdict.STALE_MTIME,
            Verdict.CORRUPT_TRUNCATED_BODY,
            Verdict.CORRUPT_MALFORMED_BODY);
    for (Map.Entry<Tolerated, Integer> class_ : tolerated.entrySet()) {
      assertThat(class_.getValue() / (double) mutants)
          .as("part of %s in %d mutants of %s", class_.getKey(), mutants, version)
          .isLessThanOrEqualTo(class_.getKey().part);
    }
  }

  private List<byte[]> library(Interpreter python, int count) throws Exception {
    Path own = Files.createDirectory(top.resolve("compiled"));
    List<byte[]> files = new ArrayList<>();
    for (String path :
        strings(
            python.eval(
                "library(%d, %d, args[0])".formatted(count, SEED),
                own.toString().getBytes(UTF_8)))) {
      files.add(Files.readAllBytes(Path.of(path)));
    }
    return files;
  }

  /** Makes a source that {@code bytecode} would be of: what is in it, nobody compares. */
  private static Path source(Workplace work, String name, byte[] bytecode) throws Exception {
    Invalidation invalidation = PycHeader.parse(ByteBuffer.wrap(bytecode)).invalidation();
    Path source = work.source(name, "");
    if (invalidation instanceof Invalidation.Timestamp timestamp) {
      setLength(source, Integer.toUnsignedLong(timestamp.sourceSize()));
      Files.setLastModifiedTime(
          source, FileTime.fromMillis(1_000 * Integer.toUnsignedLong(timestamp.mtime())));
    }
    return source;
  }

  private static void setLength(Path file, long length) throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toString(), "rw")) {
      sparse.setLength(length);
    }
  }

  private static List<String> strings(JsonElement array) {
    JsonArray strings = array.getAsJsonArray();
    return StreamSupport.stream(strings.spliterator(), false)
        .map(JsonElement::getAsString)
        .toList();
  }
}
