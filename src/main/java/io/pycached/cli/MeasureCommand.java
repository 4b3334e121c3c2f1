package io.pycached.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pycached.layout.RawPath;
import io.pycached.measure.Comparison;
import io.pycached.measure.Measurement;
import io.pycached.measure.PythonCommand;
import io.pycached.report.MeasureReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pycached measure}: what the prefix saves one command. */
final class MeasureCommand implements Command {
  private static final int REPETITIONS = 3;

  @Override
  public CommandSpec spec() {
    return Options.command(
            "measure",
            "Runs a Python command with the prefix and with nothing cached, several times each in"
                + " turns, and compares the import times. Writes no bytecode. What the command"
                + " prints goes to standard error, once; its standard input is empty.")
        .addOption(Options.prefix())
        .addOption(Options.config())
        .addOption(Options.output())
        .addOption(Options.text("--repeat", "N", "How often each (default: " + REPETITIONS + ")."))
        .addPositional(
            Options.positional("COMMAND", "1..*", "After --: an interpreter and its arguments."));
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Options.Output format = options.format();
    int repetitions = repetitions(options.value("--repeat"));
    List<String> words = new ArrayList<>();
    for (String raw : options.positionals()) {
      words.add(handedOver(raw));
    }
    World world = options.world();
    Path prefix = options.settings().prefix();
    if (!Places.exists(prefix)) {
      world.err().println("the prefix " + Line.of(prefix) + " does not exist: warm is cold, too");
    }
    PythonCommand command = new PythonCommand(words);
    Optional<String> ignores = command.ignoresPrefix();
    if (ignores.isPresent()) {
      throw new CommandFailure(
          ExitStatus.USAGE,
          ignores.get()
              + " has the interpreter ignore PYTHONPYCACHEPREFIX: there is nothing to compare");
    }
    Comparison comparison = compare(command, prefix, repetitions, world);
    tellStatuses(comparison, words, world);
    if (comparison.isEmpty()) {
      if (!comparison.statuses().isEmpty()) {
        return ExitStatus.FINDINGS;
      }
      throw new CommandFailure(
          ExitStatus.USAGE,
          words.get(0) + ": expected a Python interpreter, 3.7 or newer, found no import times");
    }
    MeasureReport report = new MeasureReport(prefix, words, repetitions, comparison);
    switch (format) {
      case JSON -> report.writeJson(world.out());
      case TEXT -> report.writeText(world.out());
    }
    return comparison.statuses().isEmpty() ? ExitStatus.OK : ExitStatus.FINDINGS;
  }

  private static Comparison compare(
      PythonCommand command, Path prefix, int repetitions, World world)
      throws CommandFailure, IOException {
    String warm = handedOver(RawPath.of(prefix));
    try (EmptyPrefix empty = EmptyPrefix.create()) {
      String cold = handedOver(RawPath.of(empty.path()));
      return new Measurement(command, warm, cold, repetitions, world.stderr()).run();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitStatus.FINDINGS, "interrupted");
    } catch (IOException failed) {
      throw new CommandFailure(
          ExitStatus.USAGE, command.words().get(0) + ": cannot be run: " + failed.getMessage());
    }
  }

  private static void tellStatuses(Comparison comparison, List<String> words, World world) {
    if (!comparison.statuses().isEmpty()) {
      String statuses =
          comparison.statuses().stream()
              .distinct()
              .map(String::valueOf)
              .collect(Collectors.joining(", "));
      world
          .err()
          .println(
              words.get(0)
                  + " ended with exit status "
                  + statuses
                  + " in "
                  + comparison.statuses().size()
                  + " runs");
    }
  }

  private static int repetitions(Optional<String> value) throws CommandFailure {
    if (value.isEmpty()) {
      return REPETITIONS;
    }
    if (value.get().matches("[0-9]{1,3}")) {
      int number = Integer.parseInt(value.get());
      if (number >= 1 && number <= Measurement.MAX_REPETITIONS) {
        return number;
      }
    }
    throw new CommandFailure(
        ExitStatus.USAGE,
        "--repeat: expected 1 to " + Measurement.MAX_REPETITIONS + ", found " + value.get());
  }

  /** The JVM hands over words as UTF-8, and other bytes not at all. */
  private static String handedOver(String raw) throws CommandFailure {
    if (!RawPath.isUtf8(raw)) {
      throw new CommandFailure(
          ExitStatus.USAGE, RawPath.display(raw) + ": expected UTF-8, found other bytes");
    }
    return new String(raw.getBytes(ISO_8859_1), UTF_8);
  }
}
