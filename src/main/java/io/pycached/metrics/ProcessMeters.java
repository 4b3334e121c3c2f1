package io.pycached.metrics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What the kernel counts for this process (proc(5)), under the names that all of Prometheus'
 * clients use; Micrometer's own binders use others. A figure that cannot be read at first has no
 * meter: a unit with {@code ProcSubset=pid} hides some, and other systems have none.
 */
final class ProcessMeters {
  /**
   * USER_HZ, in which the kernel tells times; 100 in the ABI of every machine that a JDK runs on.
   */
  private static final double TICKS_PER_SECOND = 100;

  /** Where the fields start that follow the command's name: {@code state} is field 3 of stat. */
  private static final int FIRST_FIELD = 3;

  private final MeterRegistry registry;
  private final Path proc;
  private final Path self;

  /** Registers nothing yet; {@code proc} is where procfs is mounted. */
  ProcessMeters(MeterRegistry registry, Path proc) {
    this.registry = registry;
    this.proc = proc;
    this.self = proc.resolve("self");
  }

  /** Registers the meters of what can be read. */
  void register() {
    Figure cpu = () -> (stat(14) + stat(15)) / TICKS_PER_SECOND;
    if (isReadable(cpu)) {
      // Micrometer holds the object weakly and the function strongly: the function must name it.
      FunctionCounter.builder("process_cpu_seconds_total", cpu, ignored -> valueOf(cpu))
          .description("User and system CPU time spent, in seconds.")
          .register(registry);
    }
    gauge(
        "process_start_time_seconds",
        "Start of the process, in seconds since the epoch.",
        () -> line(proc.resolve("stat"), "btime", 1) + stat(22) / TICKS_PER_SECOND);
    gauge(
        "process_resident_memory_bytes",
        "Resident memory, in bytes.",
        () -> line(self.resolve("status"), "VmRSS:", 1) * 1024);
    gauge(
        "process_threads",
        "Threads of the operating system in the process.",
        () -> line(self.resolve("status"), "Threads:", 1));
    gauge("process_open_fds", "Open file descriptors.", this::openFiles);
    gauge(
        "process_max_fds",
        "File descriptors that the process may open.",
        () -> line(self.resolve("limits"), "Max open files", 3));
  }

  private void gauge(String name, String help, Figure figure) {
    if (isReadable(figure)) {
      Gauge.builder(name, () -> valueOf(figure)).description(help).register(registry);
    }
  }

  /** A field of {@code /proc/self/stat}, numbered as in proc(5). */
  private double stat(int field) throws IOException {
    String stat = Files.readString(self.resolve("stat"), ISO_8859_1);
    // The command's name is in parentheses and may hold blanks and parentheses itself.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    return Double.parseDouble(fields[field - FIRST_FIELD]);
  }

  /** The word at {@code index} of the first line of {@code file} that starts with {@code key}. */
  private static double line(Path file, String key, int index) throws IOException {
    for (String line : Files.readAllLines(file, ISO_8859_1)) {
      if (line.startsWith(key)) {
        return Double.parseDouble(line.split("\\s+", -1)[index]);
      }
    }
    throw new IOException(file + " has no line " + key);
  }

  private double openFiles() throws IOException {
    try (Stream<Path> descriptors = Files.list(self.resolve("fd"))) {
      return descriptors.count();
    }
  }

  private static boolean isReadable(Figure figure) {
    return !Double.isNaN(valueOf(figure));
  }

  /** The figure, or NaN where the kernel does not tell it. */
  private static double valueOf(Figure figure) {
    try {
      return figure.read();
    } catch (IOException
        | UncheckedIOException
        | NumberFormatException
        | IndexOutOfBoundsException absent) {
      return Double.NaN;
    }
  }

  @FunctionalInterface
  private interface Figure {
    double read() throws IOException;
  }
}
