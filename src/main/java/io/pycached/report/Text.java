package io.pycached.report;

import io.pycached.layout.RawPath;
import io.pycached.reconcile.Count;
import io.pycached.reconcile.Totals;
import io.pycached.survey.State;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How numbers, paths and tables read for people. Control characters in names never reach a
 * terminal.
 */
public final class Text {
  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

  private static final int LABEL_WIDTH = 13;
  private static final int NUMBER_WIDTH = 12;

  private Text() {}

  /** {@return a number of bytes in binary units} */
  static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    int digits = value < 10 ? 2 : 1;
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP) + " " + UNITS[unit];
  }

  /** {@return {@code number} with its thousands set apart} */
  static String number(long number) {
    // By hand, as what follows: a Formatter, with its locales, takes longer to start than a survey
    // of
    // a thousand files.
    StringBuilder digits = new StringBuilder(Long.toString(number));
    int first = number < 0 ? 1 : 0;
    for (int at = digits.length() - 3; at > first; at -= 3) {
      digits.insert(at, ' ');
    }
    return digits.toString();
  }

  /** {@return {@code number} of what is called {@code one} if it is one, else {@code many}} */
  static String count(long number, String one, String many) {
    return number(number) + " " + (number == 1 ? one : many);
  }

  /** {@return so many files} */
  public static String files(long number) {
    return count(number, "file", "files");
  }

  /** {@return so many directories} */
  public static String directories(long number) {
    return count(number, "directory", "directories");
  }

  /** {@return so many projects} */
  public static String projects(long number) {
    return count(number, "project", "projects");
  }

  /** {@return {@code path} with what is not UTF-8, and what would steer a terminal, escaped} */
  static String path(Path path) {
    return printable(RawPath.display(RawPath.of(path)));
  }

  static String printable(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n') {
                safe.append("\\n");
              } else if (Character.isISOControl(c)) {
                safe.append(String.format(Locale.ROOT, "\\x%02x", c));
              } else {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }

  /** Says how many {@code things} a list leaves out, if it does. */
  static void omitted(PrintWriter out, long number, String things) {
    if (number > 0) {
      out.println("… and " + number(number) + " more " + things);
    }
  }

  static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 9).setScale(2, RoundingMode.HALF_UP) + " s";
  }

  /** {@return how long ago in the largest unit that fits} */
  static String ago(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7_200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
  }

  /** {@return a line for each state that files are in} */
  static List<String> totals(Totals totals, String indent) {
    Map<State, Count> counts = totals.byState();
    List<String> lines = new ArrayList<>();
    counts.forEach(
        (state, count) -> {
          if (count.files() > 0 || state == State.FRESH) {
            lines.add(
                indent
                    + state.label()
                    + " ".repeat(LABEL_WIDTH - state.label().length())
                    + right(number(count.files()))
                    + "  "
                    + right(size(count.bytes())));
          }
        });
    return lines;
  }

  private static String right(String text) {
    return " ".repeat(Math.max(0, NUMBER_WIDTH - text.length())) + text;
  }
}
