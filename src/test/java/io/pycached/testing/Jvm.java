package io.pycached.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Child processes that run a {@code main} of the tests, for what one process cannot show. */
public final class Jvm {
  private Jvm() {}

  /**
   * {@return a process, not yet started, with this one's class path} Its errors go where this
   * process's go.
   *
   * @param before words to put before the command, such as those of {@code setpriv}; may be empty
   */
  public static ProcessBuilder of(List<String> before, Class<?> main, String... args) {
    return of(before, List.of("-Xmx128m"), main, args);
  }

  /** {@return the same with other flags, such as the size of its heap} */
  public static ProcessBuilder of(
      List<String> before, List<String> flags, Class<?> main, String... args) {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
