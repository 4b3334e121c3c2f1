package io.pycached.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 200ms}, {@code 10m}, {@code 1h30m}, {@code 30d}. */
final class Durations {

  /** A hundred years: far beyond use, and far below where nanoseconds leave a long. */
  static final String MAX = "36500d";

  /** Each unit at most once, the largest first; nine digits cannot overflow milliseconds. */
  private static final Pattern DURATION =
      Pattern.compile(
          "(?:([0-9]{1,9})d)? ?(?:([0-9]{1,9})h)? ?(?:([0-9]{1,9})m)? ?(?:([0-9]{1,9})s)?"
              + " ?(?:([0-9]{1,9})ms)?");

  private static final long[] MILLISECONDS = {86_400_000, 3_600_000, 60_000, 1_000, 1};

  private Durations() {}

  static Optional<Duration> parse(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (text.isBlank() || !text.equals(text.strip()) || !matcher.matches()) {
      return Optional.empty();
    }
    long total = 0;
    for (int unit = 0; unit < MILLISECONDS.length; unit++) {
      String count = matcher.group(unit + 1);
      total += count == null ? 0 : Long.parseLong(count) * MILLISECONDS[unit];
    }
    return Optional.of(Duration.ofMillis(total));
  }
}
