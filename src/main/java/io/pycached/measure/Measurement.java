package io.pycached.measure;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Runs a command again and again, cold and warm in turns. Its standard input is empty.
 *
 * @param warmPrefix the prefix to measure
 * @param coldPrefix an empty directory
 * @param repetitions how often each
 * @param talk takes what the command prints, on standard output and error both, in the first run;
 *     later ones are silent
 */
public record Measurement(
    PythonCommand command,
    String warmPrefix,
    String coldPrefix,
    int repetitions,
    OutputStream talk) {

  /** Nobody waits for more. */
  public static final int MAX_REPETITIONS = 100;

  /** Checked values. */
  public Measurement {
    if (repetitions < 1 || repetitions > MAX_REPETITIONS) {
      throw new IllegalArgumentException("repetitions are " + repetitions);
    }
  }

  /**
   * {@return what all runs came to}
   *
   * <p>If the first run tells of no imports it is the only one: the first word is no interpreter.
   *
   * @throws IOException if the command cannot be started
   */
  public Comparison run() throws IOException, InterruptedException {
    List<Run> cold = new ArrayList<>();
    List<Run> warm = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      cold.add(once(coldPrefix, i == 0));
      if (cold.get(0).times().isEmpty()) {
        break;
      }
      warm.add(once(warmPrefix, false));
    }
    return Comparison.of(cold, warm);
  }

  private Run once(String prefix, boolean loud) throws IOException, InterruptedException {
    ProcessBuilder builder = command.process(prefix);
    if (!loud) {
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }
    long start = System.nanoTime();
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      CompletableFuture<Void> output =
          loud ? passOn(process) : CompletableFuture.completedFuture(null);
      OutputStream rest = loud ? talk : OutputStream.nullOutputStream();
      ImportTimes times = new ImportTimeReader(process.getErrorStream(), rest).read();
      output.join();
      int status = process.waitFor();
      return new Run(times, status, Duration.ofNanos(System.nanoTime() - start));
    } finally {
      process.destroy();
    }
  }

  private CompletableFuture<Void> passOn(Process process) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            process.getInputStream().transferTo(talk);
          } catch (IOException closed) {
            throw new UncheckedIOException(closed);
          }
        },
        task -> new Thread(task, "output").start());
  }
}
