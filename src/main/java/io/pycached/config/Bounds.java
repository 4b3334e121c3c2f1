package io.pycached.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the prefix, or the mirror of one project, may hold. A bound that is absent does not apply.
 *
 * @param maxBytes bytes on disk
 * @param maxAge time after which bytecode that nobody used goes
 */
public record Bounds(OptionalLong maxBytes, OptionalLong maxFiles, Optional<Duration> maxAge) {
  public static final Bounds NONE =
      new Bounds(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

  /** Reads the three keys that bound the prefix, or a project. */
  static Bounds read(
      Assignments assignments, Key<Long> maxSize, Key<Long> maxFiles, Key<Duration> maxAge) {
    return new Bounds(
        optional(assignments.read(maxSize)),
        optional(assignments.read(maxFiles)),
        assignments.read(maxAge));
  }

  private static OptionalLong optional(Optional<Long> value) {
    return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }
}
