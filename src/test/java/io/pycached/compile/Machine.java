package io.pycached.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fs.FileStamp;
import io.pycached.testing.Interpreter.Crash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The interpreters of the machine that runs the tests, and ways to make odd ones. */
final class Machine {
  private Machine() {}

  /** Every interpreter from 3.8 that is found here, and PyPy where there is one. */
  static List<Path> executables() {
    Stream<Path> cpython =
        io.pycached.testing.Interpreter.found().entrySet().stream()
            .filter(found -> !found.getKey().equals("3.7"))
            .map(Map.Entry::getValue);
    Stream<Path> pypy = Stream.of(Path.of("/usr/bin/pypy3")).filter(Files::isExecutable);
    return Stream.concat(cpython, pypy).toList();
  }

  static int user() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  static Search only(Path... executables) throws IOException {
    return new Search(
        List.of(executables), false, List.of(), List.of(), List.of(), Map.of(), user());
  }

  /** What the only executable of a search says of itself. */
  static Interpreter probed(Path executable) throws IOException {
    try (Interpreters interpreters = new Interpreters(only(executable))) {
      assertThat(interpreters.refusals()).isEmpty();
      return interpreters.known().get(0);
    }
  }

  /** A Python 3.12, or whichever comes first. */
  static Path python() {
    return io.pycached.testing.Interpreter.require("3.12");
  }

  static Path script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** An interpreter that answers a probe as another does, and is itself a script. */
  static Interpreter posing(Interpreter as, Path executable) {
    return new Interpreter(
        executable,
        as.cacheTag(),
        as.magic(),
        as.implementation(),
        as.version(),
        as.freeThreaded(),
        as.hashes());
  }

  static CompileRequest request(Interpreter interpreter, Path file, byte[] source)
      throws IOException {
    return request(interpreter, file, "", source);
  }

  static CompileRequest request(
      Interpreter interpreter, Path file, String optimization, byte[] source) throws IOException {
    Files.write(file, source);
    return new CompileRequest(
        interpreter,
        optimization,
        file,
        source,
        new CompileRequest.Key(file, FileStamp.following(file)));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Bounds that a test does not wait long for. */
  static Limits limits(int workers) {
    return limits(workers, Duration.ofSeconds(30));
  }

  static Limits limits(int workers, Duration file) {
    return new Limits(
        workers,
        workers,
        64 << 20,
        64 << 20,
        2L << 30,
        Duration.ofSeconds(20),
        file,
        Duration.ofSeconds(30),
        5_000,
        4);
  }

  /** The numbers of all descendants of this process. */
  static Set<Long> descendants() {
    return ProcessHandle.current()
        .descendants()
        .map(ProcessHandle::pid)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static String json(io.pycached.testing.Interpreter interpreter, String expression, byte[]... args)
      throws Crash {
    return interpreter.eval(expression, args).toString();
  }
}
