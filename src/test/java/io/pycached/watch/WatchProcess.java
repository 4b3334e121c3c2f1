package io.pycached.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pycached.layout.Exclusions;
import io.pycached.layout.Project;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A watch in a process of its own, which can be stopped and limited. {@link #main} is what runs
 * there: it prints what it hears, and obeys {@code status} and {@code set SYSCTL VALUE}.
 */
final class WatchProcess implements AutoCloseable {
  private final Process process;
  private final PrintWriter commands;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  private WatchProcess(Process process) {
    this.process = process;
    this.commands = new PrintWriter(process.getOutputStream(), true, UTF_8);
  }

  /** Starts a watch of {@code root} after {@code setUp}, a shell command, in a user namespace. */
  static WatchProcess start(Path root, List<String> namespace, String setUp) throws IOException {
    List<String> command = new ArrayList<>(namespace);
    command.addAll(List.of("sh", "-c", setUp + " exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(WatchProcess.class.getName(), root.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    WatchProcess started = new WatchProcess(process);
    Thread reader = new Thread(started::read, "read-" + process.pid());
    reader.setDaemon(true);
    reader.start();
    return started;
  }

  /** Whether this user may open namespaces of this kind. */
  static boolean allows(List<String> namespace) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(namespace);
    command.add("true");
    return new ProcessBuilder(command).start().waitFor() == 0;
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException closed) {
      lines.add("closed " + closed);
    }
  }

  Collection<String> lines() {
    return List.copyOf(lines);
  }

  void forget() {
    lines.clear();
  }

  void command(String command) {
    commands.println(command);
  }

  void signal(String name) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (status != 0) {
      throw new IOException("kill -" + name + " said " + status);
    }
  }

  /** Ends it by closing its input; it prints {@code left N}, the watches it still holds. */
  String end() throws InterruptedException {
    commands.close();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the watch does not end: " + lines);
    }
    return String.valueOf(lines.stream().filter(l -> l.startsWith("left")).findFirst());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    Project project =
        new Project("p", root, root, Exclusions.of(FileSystems.getDefault(), List.of()));
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    WatchSettings settings =
        new WatchSettings(
            Duration.ofMillis(50),
            Duration.ofMillis(250),
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Path.of("/proc"));
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    try (ProjectWatches watches =
        ProjectWatches.start(
            List.of(project), root.resolveSibling("prefix"), new Printer(out), settings)) {
      watches.armed().join();
      out.println("armed");
      for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("set")) {
          Files.writeString(Path.of("/proc/sys", words[1]), words[2]);
        }
        WatchStatus status = watches.status().get(0);
        out.printf(
            "status %s %d %d %d %d%n",
            status.mode(),
            status.directories(),
            status.overflows(),
            status.rebuilds(),
            status.unreadable());
      }
    }
    out.println("left " + Inotify.watchedInodes().size());
  }

  private record Printer(PrintStream out) implements WatchListener {
    @Override
    public void dirty(Project project, Path directory) {
      out.println("dirty " + directory);
    }

    @Override
    public void dirtyTree(Project project, Path directory, DirtyReason reason) {
      out.println("tree " + directory + " " + reason);
    }

    @Override
    public void degraded(Project project, Degradation degradation) {
      out.println("degraded " + degradation.kind() + " " + degradation.message());
    }

    @Override
    public void restored(Project project) {
      out.println("restored");
    }
  }
}
