package io.pycached.pyc;

import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The 32 bits in which a timestamp bytecode file records the modification time and the size of its
 * source ({@code _bootstrap_external._pack_uint32}).
 *
 * <p>The time takes a detour. {@code os.stat} computes {@code st_mtime} as a double, and {@code
 * int()} truncates it toward zero. So nanoseconds from about .999999881 on round up to the next
 * second, and a time before 1970 that is no whole second moves up instead of down. A plain
 * conversion to seconds is wrong in both cases.
 */
public final class SourceMtime {
  private SourceMtime() {}

  /** {@return the 32 bits that importlib records for a source's modification time} */
  public static int mtime32(FileTime mtime) {
    Instant instant = mtime.toInstant();
    if (instant.equals(Instant.MAX) || instant.equals(Instant.MIN)) {
      // Beyond an Instant's billion years, where a FileTime counts whole seconds.
      return mtime32(mtime.to(TimeUnit.SECONDS), 0);
    }
    return mtime32(instant.getEpochSecond(), instant.getNano());
  }

  /**
   * {@return the 32 bits that importlib records for a {@code struct timespec}}
   *
   * @param seconds {@code tv_sec}, which rounds down, also before 1970
   * @param nanos {@code tv_nsec}, 0 to 999,999,999
   */
  public static int mtime32(long seconds, int nanos) {
    double time = seconds + 1e-9 * nanos;
    // A Python int does not saturate: 2**63, which a long cannot hold, has 32 zero bits.
    return time >= 0x1p63 ? 0 : (int) (long) time;
  }

  /** {@return the 32 bits that importlib records for a source's size in bytes} */
  public static int size32(long size) {
    return (int) size;
  }
}
