package io.pycached.cli;

import io.pycached.config.Settings;
import io.pycached.journal.Entry;
import io.pycached.journal.Event;
import io.pycached.journal.JournalReader;
import io.pycached.layout.PycachePrefix;
import io.pycached.report.EventLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code pycached events}: what was changed in the prefix, when and why. */
final class EventsCommand implements Command {
  /** How many events {@code --follow} begins with. */
  private static final int BEFORE_FOLLOWING = 10;

  /** Bound on {@code -n}: as many as a journal holds of the shortest. */
  private static final int MAX_LINES = 1_000_000;

  /** How often {@code --follow} looks for news, in milliseconds. */
  private static final long EVERY = 1_000;

  @Override
  public CommandSpec spec() {
    return Options.command(
            "events", "Prints what was deleted from the prefix and written to it, when and why.")
        .addOption(Options.prefix())
        .addOption(Options.config())
        .addOption(Options.output())
        .addOption(
            OptionSpec.builder("-f", "--follow")
                .type(boolean.class)
                .arity("0")
                .description("Go on with what happens, until SIGINT.")
                .build())
        .addOption(
            OptionSpec.builder("-n", "--lines")
                .paramLabel("N")
                .type(String.class)
                .description(
                    "Only the last N events (default: all; with --follow "
                        + BEFORE_FOLLOWING
                        + ").")
                .build())
        .addOption(Options.text("--project", "NAME", "Only those of this project."));
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Options.Output format = options.format();
    boolean follow = options.has("--follow");
    int last = last(options, follow);
    Settings settings = options.settings();
    if (!Places.exists(settings.prefix()) && !follow) {
      return ExitStatus.OK;
    }
    Printer printer = new Printer(options.world(), format, options.value("--project"), last);
    CountDownLatch stop = new CountDownLatch(1);
    if (follow) {
      Signals.onStop(stop::countDown);
    }
    try (JournalReader reader =
        new JournalReader(settings.prefix(), PycachePrefix.STATE_DIRECTORY, printer)) {
      reader.read();
      if (!follow) {
        reader.end();
      }
      boolean open = printer.printLast();
      while (follow && open && !isOver(stop)) {
        reader.read();
        open = printer.flush();
      }
    }
    return ExitStatus.OK;
  }

  private static int last(Options options, boolean follow) throws CommandFailure {
    Optional<String> lines = options.value("--lines");
    if (lines.isEmpty()) {
      return follow ? BEFORE_FOLLOWING : MAX_LINES;
    }
    try {
      int number = Integer.parseInt(lines.get());
      if (number >= 0 && number <= MAX_LINES) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    throw new CommandFailure(
        ExitStatus.USAGE, "--lines: expected 0 to " + MAX_LINES + ", found " + lines.get());
  }

  private static boolean isOver(CountDownLatch stop) {
    try {
      return stop.await(EVERY, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Prints the last of what is there, and then all that comes. */
  private static final class Printer implements JournalReader.Sink {
    private final World world;
    private final Options.Output format;
    private final Optional<String> project;
    private final int last;
    private final ZoneId zone = ZoneId.systemDefault();
    private final Deque<String> kept = new ArrayDeque<>();
    private boolean printing;

    Printer(World world, Options.Output format, Optional<String> project, int last) {
      this.world = world;
      this.format = format;
      this.project = project;
      this.last = last;
    }

    @Override
    public void entry(Entry entry, String line) {
      // What was lost may have been anybody's.
      if (entry instanceof Event event
          && !project.orElse(event.project()).equals(event.project())) {
        return;
      }
      String told =
          switch (format) {
            case JSON -> line;
            case TEXT -> EventLine.of(entry, zone);
          };
      if (printing) {
        world.out().println(told);
        return;
      }
      kept.add(told);
      if (kept.size() > last) {
        kept.remove();
      }
    }

    @Override
    public void unreadable(Path file, String what) {
      world.err().println(Line.of(file) + ": " + what);
    }

    /** Answers whether anybody reads it. */
    boolean printLast() {
      kept.forEach(world.out()::println);
      kept.clear();
      printing = true;
      return flush();
    }

    boolean flush() {
      return !world.out().checkError();
    }
  }
}
