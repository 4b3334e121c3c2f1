package io.pycached.config;

import java.util.Comparator;

/**
 * One thing that is wrong with the configuration, and where.
 *
 * @param file the file, or what stands in for one: an environment variable, {@code command line}
 * @param line the line from 1; 0 where there is none
 * @param column the column from 1, in code points; 0 where there is none
 * @param message what is wrong: expected, found
 */
public record ConfigError(String file, int line, int column, String message)
    implements Comparable<ConfigError> {

  private static final Comparator<ConfigError> ORDER =
      Comparator.comparing(ConfigError::file)
          .thenComparingInt(ConfigError::line)
          .thenComparingInt(ConfigError::column)
          .thenComparing(ConfigError::message);

  /** Compares by file, line and column. */
  @Override
  public int compareTo(ConfigError other) {
    return ORDER.compare(this, other);
  }

  /** {@return {@code FILE:LINE:COLUMN: message}, or {@code FILE: message} without a line} */
  @Override
  public String toString() {
    return new Origin(file, line, column) + ": " + message;
  }
}
