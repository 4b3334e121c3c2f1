package io.pycached.survey;

import io.pycached.fs.FileStamp;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/** Turns stamps into numbers that differ when the stamps do. */
final class StampHash {
  /**
   * How old a directory's last change must be before its mtime vouches for its contents: a change
   * within the same tick of the clock leaves the mtime as it is, and some file systems tick once in
   * two seconds.
   */
  static final Duration SETTLED = Duration.ofSeconds(2);

  private StampHash() {}

  static long of(FileStamp stamp) {
    Instant mtime = stamp.mtime().toInstant();
    long time = mtime.getEpochSecond() * 1_000_000_000L + mtime.getNano();
    return mix(mix(time, stamp.size()), stamp.key().hashCode());
  }

  /** Spreads the bits of two numbers, as the finalizer of SplitMix64 does. */
  static long mix(long a, long b) {
    long z = a * 0x9E3779B97F4A7C15L + b;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  static boolean isSettled(FileTime mtime, Instant now) {
    return mtime.toInstant().plus(SETTLED).isBefore(now);
  }
}
