package io.pycached.compile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pycached.compile.Compiled.Code;
import io.pycached.compile.Compiled.Refused;
import io.pycached.layout.RawPath;
import io.pycached.testing.Interpreter.Crash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What workers of real interpreters answer, compared with what the interpreters say themselves. */
@Timeout(180)
final class CompilersTest {
  /** Whether two code objects are the same, marshal's choice of references aside. */
  private static final String ORACLE =
      """
      import marshal, warnings
      warnings.simplefilter('ignore')
      def own(source, name, optimize):
          return compile(source, name.decode('utf-8', 'surrogateescape'), 'exec',
                         dont_inherit=True, optimize=optimize)
      def same(body, source, name, optimize):
          code = marshal.loads(body)
          mine = own(source, name, optimize)
          return [code == mine, code.co_filename == mine.co_filename,
                  names(code) == names(mine), lines(code) == lines(mine)]
      def inner(code):
          yield code
          for const in code.co_consts:
              if hasattr(const, 'co_code'):
                  yield from inner(const)
      def names(code):
          return [(c.co_name, c.co_firstlineno, c.co_flags, c.co_code) for c in inner(code)]
      def lines(code):
          return [getattr(c, 'co_linetable', c.co_lnotab) for c in inner(code)]
      def raised(source, name, optimize):
          try:
              own(source, name, optimize)
          except BaseException as e:
              return '%s: %s' % (type(e).__name__, e) if str(e) else type(e).__name__
      """;

  @TempDir Path directory;

  static List<Path> executables() {
    return Machine.executables();
  }

  private static Compilers compilers(int workers) {
    return new Compilers(Machine.limits(workers), InstantSource.system());
  }

  private static byte[] code(Compiled compiled) {
    assertThat(compiled).isInstanceOf(Code.class);
    return ((Code) compiled).body();
  }

  private static byte[] raw(Path path) {
    return RawPath.of(path).getBytes(ISO_8859_1);
  }

  private Path named(String raw) {
    return RawPath.toPath(directory.getFileSystem(), RawPath.of(directory) + "/" + raw);
  }

  @ParameterizedTest
  @MethodSource("executables")
  void compile_sourcesThatAreOdd_equalsTheInterpretersOwn(Path executable)
      throws IOException, InterruptedException, Crash {
    Map<String, byte[]> sources =
        Map.ofEntries(
            Map.entry("empty", new byte[0]),
            Map.entry("bom", Machine.bytes("\ufeffx = '\u00e9'\n")),
            Map.entry("latin", "# coding: latin-1\nx = '\u00e9\u00ff'\n".getBytes(ISO_8859_1)),
            Map.entry("cr-lf", Machine.bytes("def f():\r\n  return '''a\r\nb'''\r\n")),
            Map.entry("cr", Machine.bytes("x = 1\ry = 2\r")),
            Map.entry("form-feed", Machine.bytes("\f\nclass A:\n\f  def f(self): pass\n\f")),
            Map.entry("no-newline", Machine.bytes("if True:\n  x = 1")),
            Map.entry("escape", Machine.bytes("import re\nx = '\\d'; y = 1 is 1\n")),
            Map.entry("surrogate", Machine.bytes("x = '\\ud800\\0'\n")),
            Map.entry("literal", Machine.bytes("x = (" + "'abcdefgh', ".repeat(200_000) + ")\n")),
            Map.entry("bytes", Machine.bytes("x = b'" + "z".repeat(3_000_000) + "'\n")),
            Map.entry("future", Machine.bytes("from __future__ import annotations\nx: y = 1\n")),
            Map.entry("spaces in its name", Machine.bytes("x = 1\n")),
            Map.entry("line\nfeed", Machine.bytes("def g(): return __file__\n")),
            Map.entry("\u00c3\u00a9 \u00ff\u0080", Machine.bytes("def h(): pass\n")));
    Interpreter interpreter = Machine.probed(executable);

    try (Compilers compilers = compilers(1);
        var oracle = io.pycached.testing.Interpreter.of(executable)) {
      oracle.define(ORACLE);
      for (Map.Entry<String, byte[]> source : sources.entrySet()) {
        Path file = named(source.getKey() + ".py");
        byte[] body =
            code(compilers.compile(Machine.request(interpreter, file, source.getValue())));
        assertThat(Machine.json(oracle, "same(*args, 0)", body, source.getValue(), raw(file)))
            .as(source.getKey())
            .isEqualTo("[true,true,true,true]");
      }
      assertThat(compilers.statistics()).isEqualTo(new Statistics(1, 0, 1, 0, 0, 0));
    }
  }

  @ParameterizedTest
  @MethodSource("executables")
  void compile_sourcesThatAreWrong_isTheInterpretersMessage(Path executable)
      throws IOException, InterruptedException, Crash {
    Map<String, byte[]> sources =
        Map.of(
            "syntax", Machine.bytes("x = 1\nx = = 2\n"),
            "indent", Machine.bytes("def f():\npass\n"),
            "null", Machine.bytes("x = 1\0\n"),
            "cookie", Machine.bytes("# coding: no-such-thing\n"),
            "bytes", "x = '\u00ff'\n".getBytes(ISO_8859_1),
            "ascii", "# coding: ascii\nx = '\u00ff'\n".getBytes(ISO_8859_1),
            "parentheses", Machine.bytes("(".repeat(100_000) + ")".repeat(100_000)),
            "return", Machine.bytes("return 1\n"),
            "deep", Machine.bytes("x = " + "-".repeat(100_000) + "1\n"));
    Interpreter interpreter = Machine.probed(executable);

    try (Compilers compilers = compilers(1);
        var oracle = io.pycached.testing.Interpreter.of(executable)) {
      oracle.define(ORACLE);
      for (Map.Entry<String, byte[]> source : sources.entrySet()) {
        Path file = named(source.getKey() + ".py");
        Compiled compiled =
            compilers.compile(Machine.request(interpreter, file, source.getValue()));
        String expected;
        try {
          expected = oracle.eval("raised(*args, 0)", source.getValue(), raw(file)).getAsString();
        } catch (Crash e) {
          assertThat(compiled).as(source.getKey()).isInstanceOf(Compiled.Quarantined.class);
          continue;
        }
        assertThat(compiled).as(source.getKey()).isEqualTo(new Refused(expected));
      }
      assertThat(code(compilers.compile(Machine.request(interpreter, named("a.py"), new byte[0]))))
          .isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("executables")
  void compile_levels_differInAssertsAndDocstrings(Path executable)
      throws IOException, InterruptedException, Crash {
    byte[] source =
        Machine.bytes("def f():\n  'described'\n  assert asserted()\n  return __debug__\n");
    Interpreter interpreter = Machine.probed(executable);
    Path file = named("levels.py");
    List<byte[]> bodies = new ArrayList<>();

    try (Compilers compilers = compilers(1);
        var oracle = io.pycached.testing.Interpreter.of(executable)) {
      oracle.define(ORACLE);
      for (String level : List.of("", "1", "2")) {
        CompileRequest request = Machine.request(interpreter, file, level, source);
        byte[] body = code(compilers.compile(request));
        bodies.add(body);
        String question = "same(*args, " + (level.isEmpty() ? "0" : level) + ")";
        assertThat(Machine.json(oracle, question, body, source, raw(file)))
            .isEqualTo("[true,true,true,true]");
      }
      String has = "[b'asserted' in args[0], b'described' in args[0]]";
      assertThat(Machine.json(oracle, has, bodies.get(0))).isEqualTo("[true,true]");
      assertThat(Machine.json(oracle, has, bodies.get(1))).isEqualTo("[false,true]");
      assertThat(Machine.json(oracle, has, bodies.get(2))).isEqualTo("[false,false]");
      for (String level : List.of("3", "typeguard442")) {
        assertThat(compilers.compile(Machine.request(interpreter, file, level, source)))
            .isInstanceOf(Refused.class);
      }
    }
  }

  @Test
  void compile_machineSetsVariables_noneReachesAWorker() throws Exception {
    Path site = Files.createDirectory(directory.resolve("site"));
    Files.writeString(site.resolve("sitecustomize.py"), "print('site' * 1000)\n");
    Files.writeString(site.resolve("struct.py"), "raise SystemExit('shadowed')\n");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Probing.class.getName(),
            Machine.python().toString(),
            directory.resolve("x.py").toString());
    builder.directory(site.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "PYTHONWARNINGS", "error",
                "PYTHONOPTIMIZE", "2",
                "PYTHONPATH", site.toString(),
                "PYTHONNODEBUGRANGES", "1",
                "PYTHONHASHSEED", "7",
                "PYTHONIOENCODING", "ascii",
                "SOURCE_DATE_EPOCH", "1"));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    byte[] body = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();

    try (var oracle = io.pycached.testing.Interpreter.of(Machine.python())) {
      oracle.define(ORACLE);
      Path file = directory.resolve("x.py");
      assertThat(Machine.json(oracle, "same(*args, 0)", body, Probing.SOURCE, raw(file)))
          .isEqualTo("[true,true,true,true]");
      assertThat(
              Machine.json(
                  oracle,
                  "list(marshal.loads(args[0]).co_positions())"
                      + " == list(own(args[1], args[2], 0).co_positions())",
                  body,
                  Probing.SOURCE,
                  raw(file)))
          .isEqualTo("true");
    }
  }

  /** A process of its own, because no other has an environment of its own. */
  static final class Probing {
    static final byte[] SOURCE = Machine.bytes("'text'\nassert x, '\\d'\n");

    private Probing() {}

    public static void main(String[] args) throws Exception {
      try (Compilers compilers = compilers(1)) {
        CompileRequest request =
            Machine.request(Machine.probed(Path.of(args[0])), Path.of(args[1]), SOURCE);
        System.out.write(code(compilers.compile(request)));
        System.out.flush();
      }
    }
  }

  @Test
  void compile_eightThreadsAndTwoWorkers_eachGetsItsOwn() throws Exception {
    Path executable = Machine.python();
    Interpreter interpreter = Machine.probed(executable);
    List<Path> files;
    Path installation = executable.toRealPath().resolve("../..").normalize();
    try (Stream<Path> library = Files.list(installation.resolve("lib/python3.12"))) {
      files = library.filter(file -> file.toString().endsWith(".py")).sorted().limit(300).toList();
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<List<byte[]>>> results = new ArrayList<>();
    try (Compilers compilers = compilers(2)) {
      for (int i = 0; i < 8; i++) {
        results.add(threads.submit(() -> compileAll(compilers, interpreter, files)));
      }
      for (Future<List<byte[]>> result : results) {
        assertThat(result.get()).hasSameSizeAs(files);
      }
      assertThat(compilers.statistics()).isEqualTo(new Statistics(2, 0, 2, 0, 0, 0));
    } finally {
      threads.shutdownNow();
    }
    try (var oracle = io.pycached.testing.Interpreter.of(executable)) {
      oracle.define(ORACLE);
      for (int i = 0; i < files.size(); i += 10) {
        Path file = files.get(i);
        for (Future<List<byte[]>> result : results.subList(0, 2)) {
          byte[] body = result.get().get(i);
          byte[] source = Files.readAllBytes(file);
          assertThat(Machine.json(oracle, "same(*args, 0)", body, source, raw(file)))
              .as("%s", file)
              .isEqualTo("[true,true,true,true]");
        }
      }
    }
  }

  private static List<byte[]> compileAll(
      Compilers compilers, Interpreter interpreter, List<Path> files) throws Exception {
    List<byte[]> bodies = new ArrayList<>();
    for (Path file : files) {
      var key = new CompileRequest.Key(file, io.pycached.fs.FileStamp.following(file));
      byte[] source = Files.readAllBytes(file);
      bodies.add(code(compilers.compile(new CompileRequest(interpreter, "", file, source, key))));
    }
    return bodies;
  }

  @Test
  void compile_withoutWorkForAWhile_leavesNoProcess() throws Exception {
    Interpreter interpreter = Machine.probed(Machine.python());
    Limits limits = Machine.limits(2);
    limits =
        new Limits(
            2,
            2,
            limits.sourceBytes(),
            limits.codeBytes(),
            limits.memoryBytes(),
            limits.start(),
            limits.file(),
            Duration.ofMillis(300),
            2,
            4);
    try (Compilers compilers = new Compilers(limits, InstantSource.system())) {
      CompileRequest request = Machine.request(interpreter, named("a.py"), Machine.bytes("x=1\n"));
      for (int i = 0; i < 3; i++) {
        code(compilers.compile(request));
      }
      // Two files a worker, then another.
      assertThat(compilers.statistics().started()).isEqualTo(2);
      await().untilAsserted(() -> assertThat(compilers.statistics().workers()).isZero());
      assertThat(code(compilers.compile(request))).isNotEmpty();
      assertThat(compilers.statistics().started()).isEqualTo(3);
    }
  }

  @Test
  void compile_moreInterpretersThanProcesses_evictsTheIdle() throws Exception {
    List<Path> executables = executables();
    Limits limits = Machine.limits(1);
    try (Compilers compilers = new Compilers(limits, InstantSource.system())) {
      for (Path executable : executables) {
        CompileRequest request =
            Machine.request(Machine.probed(executable), named("a.py"), Machine.bytes("x=1\n"));
        code(compilers.compile(request));
        assertThat(compilers.statistics().workers()).isEqualTo(1);
      }
      assertThat(compilers.statistics().started()).isEqualTo(executables.size());
    }
  }
}
