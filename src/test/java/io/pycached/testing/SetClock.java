package io.pycached.testing;

import com.google.common.jimfs.FileTimeSource;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved; a file system in memory can tell the same time. */
public final class SetClock implements InstantSource, FileTimeSource {
  private volatile Instant instant = Instant.parse("2026-01-02T03:04:05.600Z");

  /** Moves the clock on. */
  public void advance(Duration by) {
    instant = instant.plus(by);
  }

  @Override
  public Instant instant() {
    return instant;
  }

  @Override
  public FileTime now() {
    return FileTime.from(instant);
  }
}
