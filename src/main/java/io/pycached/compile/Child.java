package io.pycached.compile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A child process and all that it starts, in the root directory and in no environment but the one
 * it is given. Safe for use by any thread; its streams belong to one at a time.
 */
final class Child {
  /** Enough for a shell script around an interpreter, and nothing that a machine sets. */
  static final Map<String, String> CLEAN =
      Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "LC_ALL", "C.UTF-8");

  /** What {@link Process#exitValue} adds to the number of the signal that ended a process. */
  private static final int SIGNALLED = 128;

  private static final Duration DEATH = Duration.ofSeconds(5);

  private final Process process;
  private final LastWords words;

  private Child(Process process) {
    this.process = process;
    this.words = LastWords.of(process.getErrorStream());
  }

  static Child start(Path executable, List<String> arguments, Map<String, String> environment)
      throws IOException {
    if (!isSpeakable(executable)) {
      throw new IOException("its name cannot be spelt in this locale");
    }
    List<String> command = new ArrayList<>();
    command.add(executable.toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(executable.toAbsolutePath().getRoot().toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new Child(builder.start());
  }

  /** A command is made of strings, which do not carry every name. */
  private static boolean isSpeakable(Path path) {
    try {
      return path.getFileSystem().getPath(path.toString()).equals(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** {@return its standard input} */
  OutputStream input() {
    return process.getOutputStream();
  }

  /** {@return its standard output} */
  InputStream output() {
    return process.getInputStream();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it and its descendants at once, and closes its streams. */
  void kill() {
    // Once it is gone nothing tells any more whose children they were.
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroyForcibly();
    for (ProcessHandle descendant : descendants) {
      descendant.descendants().forEach(ProcessHandle::destroyForcibly);
      descendant.destroyForcibly();
    }
  }

  /** Waits until it is gone, for a short while. */
  boolean awaitDeath() throws InterruptedException {
    return process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** {@return how it ended and what it said last, of one that has ended or is about to} */
  String obituary() throws InterruptedException {
    String said = "";
    String ended = "closed its output";
    if (awaitDeath()) {
      int status = process.exitValue();
      said = words.text();
      ended =
          status > SIGNALLED
              ? "was ended by signal " + (status - SIGNALLED)
              : "ended with status " + status;
    }
    return said.isEmpty() ? ended : ended + ": " + said;
  }
}
