package io.pycached.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a command can see of the process it runs in.
 *
 * @param environment the environment variables
 * @param workingDirectory absolute
 * @param stdout what {@code out} writes to, for results that are bytes
 * @param stderr what {@code err} writes to, for talk that is another's bytes
 * @param isTerminal whether talk goes to a terminal, so that progress makes sense
 */
record World(
    Map<String, String> environment,
    Path workingDirectory,
    InputStream in,
    OutputStream stdout,
    OutputStream stderr,
    PrintWriter out,
    PrintWriter err,
    boolean isTerminal,
    InstantSource clock) {

  /** What stands for a byte that is no character. */
  private static final char UNDECODABLE = '\uFFFD';

  /** {@return the value of {@code variable}; empty if it is not set} */
  String variable(String variable) {
    return environment.getOrDefault(variable, "");
  }

  /**
   * {@return the bytes of {@code variable}, raw; empty if it is not set} The JVM replaces what it
   * cannot decode; the kernel keeps what this process was started with, proc(5).
   */
  String rawVariable(String variable) throws IOException {
    String decoded = variable(variable);
    if (decoded.indexOf(UNDECODABLE) < 0) {
      return new String(decoded.getBytes(UTF_8), ISO_8859_1);
    }
    String head = variable + "=";
    for (String entry :
        Files.readString(Path.of("/proc/self/environ"), ISO_8859_1).split("\0", -1)) {
      if (entry.startsWith(head)) {
        return entry.substring(head.length());
      }
    }
    return "";
  }

  /** {@return the numeric id of the user that this process runs as; proc(5)} */
  static int uid() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  /** {@return the world of this process} */
  static World ofProcess() {
    OutputStream stdout = new FileOutputStream(FileDescriptor.out);
    OutputStream stderr = new FileOutputStream(FileDescriptor.err);
    return new World(
        System.getenv(),
        Path.of("").toAbsolutePath(),
        System.in,
        stdout,
        stderr,
        new PrintWriter(new OutputStreamWriter(new BufferedOutputStream(stdout, 1 << 16), UTF_8)),
        new PrintWriter(new OutputStreamWriter(stderr, UTF_8), true),
        isTerminal(2),
        InstantSource.system());
  }

  /**
   * Asks what the descriptor is a link to, proc(5); the JDK only tells of input and output
   * together.
   */
  private static boolean isTerminal(int number) {
    try {
      String target =
          Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(number))).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException noProc) {
      return false;
    }
  }
}
