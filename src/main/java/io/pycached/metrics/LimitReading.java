package io.pycached.metrics;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the prefix may hold, and held when it was last counted against that.
 *
 * @param maxBytes bytes on disk
 * @param maxFiles files
 * @param counted what was there, hard links once and bytes in whole blocks; empty if nothing bounds
 *     it, or it was not counted yet
 */
public record LimitReading(
    OptionalLong maxBytes, OptionalLong maxFiles, Optional<FilesAndBytes> counted) {
  static final LimitReading NONE =
      new LimitReading(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
}
