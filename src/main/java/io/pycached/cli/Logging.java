package io.pycached.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Where the daemon's log goes: standard error, a line each. Under systemd the journal adds the
 * time, and takes the severity from a {@code <N>} in front (sd-daemon(3)).
 */
final class Logging {
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");
  private static final Logger DIRECTORY_WATCHER = Logger.getLogger("io.methvin");

  private Logging() {}

  static void configure(World world) {
    boolean journal = !world.variable("JOURNAL_STREAM").isEmpty();
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    ConsoleHandler console = new ConsoleHandler();
    console.setLevel(Level.ALL);
    console.setFormatter(new Lines(journal));
    ROOT.addHandler(console);
    JETTY.setLevel(Level.WARNING);
    DIRECTORY_WATCHER.setLevel(Level.SEVERE);
  }

  private static final class Lines extends Formatter {
    private final boolean journal;

    Lines(boolean journal) {
      this.journal = journal;
    }

    @Override
    public String format(LogRecord entry) {
      int level = entry.getLevel().intValue();
      String head =
          journal
              ? "<" + priority(level) + ">"
              : Instant.ofEpochMilli(entry.getMillis()).truncatedTo(ChronoUnit.MILLIS)
                  + " "
                  + entry.getLevel().getName()
                  + " ";
      StringBuilder lines = new StringBuilder(head).append(formatMessage(entry)).append('\n');
      Throwable thrown = entry.getThrown();
      if (thrown != null) {
        lines.append(head).append(thrown).append('\n');
        for (StackTraceElement frame : thrown.getStackTrace()) {
          lines.append(head).append("  at ").append(frame).append('\n');
        }
      }
      return lines.toString();
    }

    /** As syslog(3) numbers them. */
    private static int priority(int level) {
      if (level >= Level.SEVERE.intValue()) {
        return 3;
      }
      if (level >= Level.WARNING.intValue()) {
        return 4;
      }
      return level >= Level.INFO.intValue() ? 6 : 7;
    }
  }
}
