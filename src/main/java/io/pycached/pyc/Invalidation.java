package io.pycached.pyc;

/**
 * How a bytecode file tells whether its source has changed: PEP 552's invalidation mode, with the
 * values that the header holds for it.
 */
public sealed interface Invalidation {
  /** {@return the mode's name: {@code timestamp}, {@code checked-hash}, {@code unchecked-hash}} */
  String label();

  /**
   * The source's modification time and size, each as the lower 32 bits, unsigned.
   *
   * @param mtime seconds since 1970 as {@link SourceMtime} computes them
   * @param sourceSize bytes
   */
  record Timestamp(int mtime, int sourceSize) implements Invalidation {
    @Override
    public String label() {
      return "timestamp";
    }

    /**
     * {@return whether importlib would take the bytecode for that of such a source ({@code
     * _validate_timestamp_pyc})}
     *
     * @param seconds the source's {@code st_mtim.tv_sec}, which rounds down, also before 1970
     * @param nanos the source's {@code st_mtim.tv_nsec}
     * @param size the source's size in bytes
     */
    public boolean matches(long seconds, int nanos, long size) {
      return mtime == SourceMtime.mtime32(seconds, nanos) && sourceSize == SourceMtime.size32(size);
    }
  }

  /**
   * A hash of the source's bytes.
   *
   * @param hash the header's eight bytes, read as a little-endian number; see {@link SourceHash}
   * @param checkSource whether import compares it; otherwise the bytecode is used unseen
   */
  record Hash(long hash, boolean checkSource) implements Invalidation {
    @Override
    public String label() {
      return checkSource ? "checked-hash" : "unchecked-hash";
    }
  }
}
