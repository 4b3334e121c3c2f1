package io.pycached.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Python interpreter that answers questions, in one long-lived child process.
 *
 * <p>A question is a Python expression and byte strings, which it sees as the list {@code args};
 * the answer is its value as JSON. {@link #define} adds functions for later questions. The child is
 * isolated ({@code -I -S -B -X utf8}) and its memory is limited, so that damaged input cannot take
 * the machine along. One that dies or stays silent is replaced at the next question. Belongs to one
 * thread.
 */
public final class Interpreter implements AutoCloseable {
  /** The versions whose absence fails the build where {@code CI} is set. */
  public static final List<String> SUPPORTED =
      List.of("3.8", "3.9", "3.10", "3.11", "3.12", "3.13");

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /*
   * Request:  count u32, then count times length u32 and bytes: the code, then the arguments.
   *           Code that begins with "!" is executed rather than evaluated.
   * Response: length u32 and JSON: {"ok": value} or {"error": "Type: message"}.
   */
  private static final String CHILD =
      """
      import sys, os, struct, json, resource
      resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
      resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
      source, sink = os.fdopen(0, 'rb'), os.fdopen(os.dup(1), 'wb')
      os.dup2(2, 1)
      space = {}
      def take():
          head = source.read(4)
          if len(head) < 4:
              os._exit(0)
          size, = struct.unpack('>I', head)
          return source.read(size)
      while True:
          head = source.read(4)
          if len(head) < 4:
              os._exit(0)
          parts = [take() for _ in range(struct.unpack('>I', head)[0])]
          code, space['args'] = parts[0].decode(), parts[1:]
          try:
              if code.startswith('!'):
                  exec(code[1:], space)
                  answer = {'ok': None}
              else:
                  answer = {'ok': eval(code, space)}
          except BaseException as e:
              answer = {'error': '%s: %s' % (type(e).__name__, e)}
          answer = json.dumps(answer).encode()
          sink.write(struct.pack('>I', len(answer)) + answer)
          sink.flush()
      """;

  private final Path executable;
  private final List<String> definitions = new ArrayList<>();
  private @Nullable Process process;

  private Interpreter(Path executable) {
    this.executable = executable;
  }

  /** An answer that never came: the child died, or was silent for too long and was ended. */
  public static final class Crash extends Exception {
    private static final long serialVersionUID = 1L;

    Crash(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** {@return an interpreter for an executable; its child starts with the first question} */
  public static Interpreter of(Path executable) {
    return new Interpreter(executable);
  }

  /**
   * {@return the executables found, one for each version such as {@code "3.12"}}
   *
   * <p>Looks under {@code $PYENV_ROOT/versions}, else {@code ~/.pyenv/versions}, then for {@code
   * python3} on the path. Those older than 3.7 are left out.
   */
  public static Map<String, Path> found() {
    Map<String, Path> found = new TreeMap<>();
    for (Path executable : candidates()) {
      int minor = minorVersion(executable);
      if (minor >= 7) {
        found.putIfAbsent("3." + minor, executable);
      }
    }
    return found;
  }

  /** The 12 of Python 3.12; -1 where no interpreter answers. */
  private static int minorVersion(Path executable) {
    try (Interpreter interpreter = of(executable)) {
      return interpreter.eval("__import__('sys').version_info[1]").getAsInt();
    } catch (Crash e) {
      return -1;
    }
  }

  /**
   * {@return the executable of a version}
   *
   * <p>Without one the test is skipped; where {@code CI} is set it fails, if the version is {@link
   * #SUPPORTED}.
   */
  public static Path require(String version) {
    Path executable = Found.EXECUTABLES.get(version);
    if (executable == null && System.getenv("CI") != null && SUPPORTED.contains(version)) {
      assertThat(Found.EXECUTABLES).as("interpreters found").containsKey(version);
    }
    assumeTrue(executable != null, () -> "no Python " + version + " here");
    if (executable == null) {
      throw new IllegalStateException("an assumption that failed has returned");
    }
    return executable;
  }

  /** Looked for once in a test run. */
  private static final class Found {
    static final Map<String, Path> EXECUTABLES = found();
  }

  /** {@return the executable} */
  public Path executable() {
    return executable;
  }

  /**
   * Runs statements whose names later questions see, in this child and in any that replaces it.
   *
   * @throws IllegalStateException if they raise
   */
  public void define(String statements) throws Crash {
    definitions.add(statements);
    if (process != null) {
      ask("!" + statements);
    }
  }

  /**
   * {@return the value of an expression as JSON}
   *
   * @throws IllegalStateException if it raises
   * @throws Crash if no answer comes
   */
  public JsonElement eval(String expression, byte[]... args) throws Crash {
    if (process == null) {
      process = start();
      for (String statements : definitions) {
        ask("!" + statements);
      }
    }
    return ask(expression, args);
  }

  private JsonElement ask(String code, byte[]... args) throws Crash {
    Process child = process;
    if (child == null) {
      throw new IllegalStateException("no child runs");
    }
    var watchdog =
        CompletableFuture.runAsync(
            child::destroyForcibly,
            CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    try {
      send(child, code, args);
      DataInputStream answers = new DataInputStream(child.getInputStream());
      byte[] answer = answers.readNBytes(answers.readInt());
      var json = JsonParser.parseString(new String(answer, StandardCharsets.UTF_8));
      if (json.getAsJsonObject().has("error")) {
        throw new IllegalStateException(
            executable + ": " + json.getAsJsonObject().get("error").getAsString());
      }
      return json.getAsJsonObject().get("ok");
    } catch (IOException e) {
      close();
      throw new Crash(executable + " gave no answer to " + code, e);
    } finally {
      watchdog.cancel(false);
    }
  }

  private static void send(Process child, String code, byte[]... args) throws IOException {
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(child.getOutputStream(), 1 << 16));
    out.writeInt(1 + args.length);
    byte[] head = code.getBytes(StandardCharsets.UTF_8);
    out.writeInt(head.length);
    out.write(head);
    for (byte[] arg : args) {
      out.writeInt(arg.length);
      out.write(arg);
    }
    out.flush();
  }

  private Process start() throws Crash {
    ProcessBuilder builder =
        new ProcessBuilder(
            executable.toString(), "-I", "-S", "-B", "-u", "-X", "utf8", "-c", CHILD);
    builder.environment().keySet().removeIf(name -> name.startsWith("PYTHON"));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new Crash(executable + " does not start", e);
    }
  }

  /** Ends the child. */
  @Override
  public void close() {
    Process child = process;
    process = null;
    if (child == null) {
      return;
    }
    child.destroyForcibly();
    try {
      if (!child.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(executable + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Path> candidates() {
    List<Path> candidates = new ArrayList<>();
    String pyenv = System.getenv("PYENV_ROOT");
    Path versions =
        (pyenv != null ? Path.of(pyenv) : Path.of(System.getProperty("user.home"), ".pyenv"))
            .resolve("versions");
    if (Files.isDirectory(versions)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(versions, "3.*")) {
        entries.forEach(entry -> candidates.add(entry.resolve("bin/python3")));
        Collections.sort(candidates);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    String path = System.getenv("PATH");
    if (path != null) {
      for (String directory : path.split(":", -1)) {
        candidates.add(Path.of(directory, "python3"));
      }
    }
    return candidates.stream().filter(Files::isExecutable).toList();
  }
}
