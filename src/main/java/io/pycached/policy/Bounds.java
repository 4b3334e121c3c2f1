package io.pycached.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a prefix, or the mirror of a project, may hold. A bound that is absent does not apply.
 *
 * @param maxBytes bytes on disk
 * @param maxAge time after which bytecode that nobody used goes
 * @param lowWater the share of a bound that eviction goes down to, in (0, 1]
 */
public record Bounds(
    OptionalLong maxBytes, OptionalLong maxFiles, Optional<Duration> maxAge, double lowWater) {
  public static final Bounds NONE =
      new Bounds(OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), 1);

  /** {@return whether there is any} */
  public boolean any() {
    return maxBytes.isPresent() || maxFiles.isPresent() || maxAge.isPresent();
  }

  /** {@return how many bytes are to go if there are {@code bytes}} */
  public long excessBytes(long bytes) {
    return excess(maxBytes, bytes);
  }

  /** {@return how many files are to go if there are {@code files}} */
  public long excessFiles(long files) {
    return excess(maxFiles, files);
  }

  private long excess(OptionalLong most, long used) {
    return most.isEmpty() || used <= most.getAsLong()
        ? 0
        : used - (long) (most.getAsLong() * lowWater);
  }
}
