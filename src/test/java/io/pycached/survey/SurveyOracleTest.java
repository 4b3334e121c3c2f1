package io.pycached.survey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import io.pycached.pyc.Invalidation;
import io.pycached.testing.Interpreter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares verdicts with what {@code SourceFileLoader.get_code} of each interpreter found does with
 * the same source and the same bytecode: whatever it does is right, but for an unchecked hash of an
 * edited source, which it loads and which is stale all the same.
 */
final class SurveyOracleTest {
  /** Sources with their bytecode for each interpreter; more find rarer disagreements. */
  private static final int CASES = Integer.getInteger("pycached.oracle.cases", 1_500);

  private static final int LIBRARY_MODULES = 100;

  private static final String DEFINITIONS =
      """
      import importlib.machinery, importlib.util, marshal, os, py_compile, random, struct, sys
      import _imp
      external = sys.modules['_frozen_importlib_external']
      compile_bytecode = external._compile_bytecode
      MAGIC = importlib.util.MAGIC_NUMBER
      RAW = int.from_bytes(MAGIC, 'little')
      BODY = marshal.dumps(compile('answer = 42', 'm.py', 'exec'))
      NUMBERS = [3379, 3394, 3413, 3425, 3439, 3495, 3531, 3571, 3627, 3412, 3530, 3570, 112, 240,
                 416, 21290, 3131, 62211, 0, 65535]
      MAGICS = [struct.pack('<H', n) + b'\\r\\n' for n in NUMBERS if n != RAW & 0xFFFF]
      MAGICS += [MAGIC[:2] + b'\\n\\n', MAGIC[::-1], b'\\0\\0\\0\\0', b'#!/u']

      def some_time(rng):
          second = rng.choice([
              rng.randrange(1 << 31), 1700000000 + rng.randrange(9), -rng.randrange(1, 4),
              -rng.randrange(1 << 31), (1 << 31) + rng.randrange(-2, 3),
              (1 << 32) + rng.randrange(-2, 3), rng.randrange(1 << 33), 0])
          nano = rng.choice([0, 999999999, 999999800, 999999880 + rng.randrange(6),
                             500000000, 1, rng.randrange(10 ** 9)])
          return second * 10 ** 9 + nano

      def some_text(rng):
          return b'answer = %d\\n' % rng.randrange(100, 1000) + b'#' * rng.randrange(40)

      def write(path, data, mtime=None):
          with open(path, 'wb') as f:
              f.write(data)
          if mtime is not None:
              os.utime(path, ns=(0, mtime))

      def off(rng, number):
          return rng.choice([number + 1, number - 1, number ^ 1 << rng.randrange(32), 0,
                             rng.getrandbits(32)]) & 0xFFFFFFFF

      def some_bytecode(rng, source):
          text, mtime = some_text(rng), some_time(rng)
          write(source, text, mtime)
          if rng.random() < .01:
              os.truncate(source, (1 << 32) + rng.randrange(-3, 4))
              os.utime(source, ns=(0, mtime))
          st = os.stat(source)
          magic, flags, body = MAGIC, 0, BODY
          second, size = int(st.st_mtime) & 0xFFFFFFFF, st.st_size & 0xFFFFFFFF
          rest = struct.pack('<II', second, size)
          kind = rng.randrange(12)
          if kind == 0:
              rest = struct.pack('<II', off(rng, second), size)
          elif kind == 1:
              rest = struct.pack('<II', second, off(rng, size))
          elif kind == 2:
              rest = struct.pack('<II', (st.st_mtime_ns // 10 ** 9) & 0xFFFFFFFF, size)
          elif kind in (3, 4, 5) and st.st_size < 1 << 20:
              flags = rng.choice([1, 3, 3])
              rest = _imp.source_hash(RAW, text)
              if rng.random() < .5:
                  write(source, some_text(rng), mtime)
              if rng.random() < .1:
                  rest = bytes(reversed(rest))
          elif kind == 6:
              flags = rng.choice([1, 2, 3, 4, 5, 6, 7, 8, 1 << 31, 0xFFFFFFFF, rng.getrandbits(32)])
          elif kind == 7:
              magic = rng.choice(MAGICS)
          elif kind == 8:
              body = marshal.dumps(rng.choice([None, 42, 'text', (), [BODY], {1: 2}]))
          elif kind == 9:
              write(source, text.swapcase(), mtime)
          data = magic + struct.pack('<I', flags) + rest + body
          damage = rng.randrange(10)
          if damage == 0:
              data = data[:rng.choice([rng.randrange(22), 16, 17, len(data) - 1,
                                       rng.randrange(len(data))])]
          elif damage == 1:
              start = rng.choice([0, 4, 8, 12, 16, 17, rng.randrange(len(data))])
              data = data[:start] + bytes(len(data) - start)
          elif damage == 2:
              data += bytes([rng.getrandbits(8)]) * rng.randrange(1, 5000)
          elif damage == 3:
              at = rng.randrange(16)
              data = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]
          return data

      class Loader(importlib.machinery.SourceFileLoader):
          seen = 'nothing'
          def source_to_code(self, data, path, **options):
              self.seen = 'recompiled'
              return some_bytecode.__code__
          def get_data(self, path):
              # Whoever recompiles a source of 4 GiB needs to see none of it here.
              if path.endswith('.py') and os.stat(path).st_size > 1 << 20:
                  return b''
              return super().get_data(path)

      def decide(source):
          loader = Loader('m', source)
          def watched(*args, **options):
              loader.seen = 'loaded'
              return compile_bytecode(*args, **options)
          external._compile_bytecode = watched
          try:
              loader.get_code('m')
          except Exception as e:
              return loader.seen + ' raised ' + type(e).__name__
          finally:
              external._compile_bytecode = compile_bytecode
          return loader.seen

      def generate(seed, count, top, prefix):
          sys.pycache_prefix = os.fsdecode(prefix)
          rng = random.Random(seed)
          decided = {}
          for i in range(count):
              source = os.path.join(os.fsdecode(top), 'm%d.py' % i)
              cached = importlib.util.cache_from_source(source, optimization='')
              os.makedirs(os.path.dirname(cached), exist_ok=True)
              write(cached, some_bytecode(rng, source))
              with open(cached, 'rb') as f:
                  start = f.read(24).hex()
              decided[os.path.basename(cached)] = [decide(source), start]
          return decided

      def library(count, prefix):
          sys.pycache_prefix = os.fsdecode(prefix)
          top = os.path.dirname(os.__file__)
          sources = []
          for below in ['', 'asyncio', 'email', 'encodings', 'importlib', 'json', 'xml/etree']:
              names = os.listdir(os.path.join(top, below))
              sources += [os.path.join(top, below, n) for n in names if n.endswith('.py')]
          sources.sort(key=lambda source: (os.path.getsize(source), source))
          modes = list(py_compile.PycInvalidationMode)
          for i, source in enumerate(sources[:count]):
              py_compile.compile(source, doraise=True, optimize=i // 3 % 3,
                                 invalidation_mode=modes[i % 3])
          return top
      """;

  private @TempDir Path top;

  static Stream<String> versions() {
    return Interpreter.SUPPORTED.stream();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void survey_ofGeneratedFiles_decidesAsTheInterpreterDoes(String version) throws Exception {
    Workplace work = Workplace.in(top);
    Set<String> differences = new TreeSet<>();
    Set<Verdict> seen = EnumSet.noneOf(Verdict.class);
    try (Interpreter python = Interpreter.of(Interpreter.require(version))) {
      python.define(DEFINITIONS);
      for (int seed = 0; seed < 3; seed++) {
        String below = "seed" + seed;
        Path sources = Files.createDirectory(work.project().resolve(below));
        var decided =
            python
                .eval(
                    "generate(%d, %d, *args)".formatted(seed, CASES / 3),
                    sources.toString().getBytes(UTF_8),
                    work.prefix().toString().getBytes(UTF_8))
                .getAsJsonObject();
        Survey survey = work.survey(below, true);
        assertThat(survey.files()).hasSize(decided.size()).hasSize(CASES / 3);
        for (MirrorFile file : survey.files()) {
          JsonArray theirs = decided.getAsJsonArray(file.name().toString());
          seen.add(file.verdict());
          if (!agrees(file, theirs.get(0).getAsString())) {
            differences.add(
                "%s/%s %s: %s, not %s (%s)"
                    .formatted(
                        below,
                        file.name(),
                        theirs.get(1).getAsString(),
                        theirs.get(0).getAsString(),
                        file.verdict(),
                        file.detail()));
          }
        }
      }
    }
    assertThat(differences).as("of %d cases", CASES).isEmpty();
    assertThat(seen)
        .containsAll(EnumSet.range(Verdict.FRESH, Verdict.STALE_MAGIC))
        .containsAll(EnumSet.range(Verdict.CORRUPT_SHORT_HEADER, Verdict.UNKNOWN_MAGIC));
  }

  static boolean agrees(MirrorFile file, String theirs) {
    return switch (file.verdict()) {
      case FRESH -> theirs.equals("loaded");
      case STALE_SOURCE_HASH -> theirs.equals(isUnchecked(file) ? "loaded" : "recompiled");
      case STALE_MTIME,
          STALE_SIZE,
          STALE_MAGIC,
          CORRUPT_SHORT_HEADER,
          CORRUPT_BAD_MAGIC,
          CORRUPT_BAD_FLAGS,
          UNKNOWN_MAGIC ->
          theirs.equals("recompiled");
      case CORRUPT_TRUNCATED_BODY -> theirs.equals("loaded raised EOFError");
      case CORRUPT_MALFORMED_BODY ->
          theirs.equals("loaded raised ValueError")
              || theirs.equals("loaded raised TypeError")
              || theirs.equals("loaded raised SystemError");
      case CORRUPT_NOT_CODE -> theirs.equals("loaded raised ImportError");
      // The one bound that an interpreter has not.
      case SOURCE_UNREADABLE ->
          file.header().orElseThrow().invalidation() instanceof Invalidation.Hash
              && file.source().orElseThrow().stamp().size() > SourceHashes.MAX_SOURCE_BYTES;
      case ORPHANED, PROJECT_VANISHED, TEMPORARY, FOREIGN -> false;
    };
  }

  private static boolean isUnchecked(MirrorFile file) {
    return file.header().orElseThrow().invalidation() instanceof Invalidation.Hash hash
        && !hash.checkSource();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void survey_ofTheStandardLibrary_isFresh(String version) throws Exception {
    Path prefix = Files.createDirectory(top.toRealPath().resolve("prefix"));
    Path library;
    try (Interpreter python = Interpreter.of(Interpreter.require(version))) {
      python.define(DEFINITIONS);
      JsonElement directory =
          python.eval(
              "library(%d, args[0])".formatted(LIBRARY_MODULES), prefix.toString().getBytes(UTF_8));
      library = Path.of(directory.getAsString());
    }
    Path mirror = prefix.resolve(library.getRoot().relativize(library));
    int files = 0;
    try (Stream<Path> mirrors = Files.walk(mirror)) {
      for (Path directory : mirrors.filter(Files::isDirectory).toList()) {
        Path below = mirror.relativize(directory);
        DirectoryPair pair =
            new DirectoryPair(library.resolve(below), library.resolve(below), directory);
        SourceSide side = SourceSide.ofRoot(library).descend(below);
        for (MirrorFile file : Workplace.survey(pair, side, true).files()) {
          assertThat(file.verdict())
              .as("%s: %s", directory.resolve(file.name()), file.detail())
              .isEqualTo(Verdict.FRESH);
          files++;
        }
      }
    }
    assertThat(files).isEqualTo(LIBRARY_MODULES);
  }
}
