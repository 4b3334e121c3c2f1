package io.pycached.pyc;

import java.nio.ByteBuffer;

/**
 * The hash of a source's bytes that hash-based bytecode files record: {@code _imp.source_hash}.
 *
 * <p>It is SipHash over the bytes as they are on disk, keyed with the magic number, so that two
 * versions never share one (PEP 552; {@code Python/pyhash.c}, {@code _Py_KeyedHash}; PyPy's {@code
 * interp_imp.source_hash}). Equal to the header's eight bytes read as a little-endian number.
 */
public final class SourceHash {
  private SourceHash() {}

  /** The function behind an interpreter's {@code source_hash}. */
  public enum Algorithm {
    /** CPython 3.7 to 3.10, and PyPy. */
    SIPHASH_2_4,
    /** CPython since 3.11. */
    SIPHASH_1_3,
    /** One that cannot be computed here, or none: before PEP 552 there was no source hash. */
    UNKNOWN;

    /** {@return whether {@link SourceHash} can compute it} */
    public boolean isComputable() {
      return this != UNKNOWN;
    }
  }

  /**
   * {@return the hash of a source}
   *
   * @throws IllegalArgumentException if the magic number's algorithm is not computable
   */
  public static long of(Magic magic, byte[] source) {
    return of(magic, ByteBuffer.wrap(source));
  }

  /**
   * {@return the hash of a source, the remaining bytes of a buffer, which it leaves as it is}
   *
   * @throws IllegalArgumentException if the magic number's algorithm is not computable
   */
  public static long of(Magic magic, ByteBuffer source) {
    return new Digest(magic).update(source.duplicate()).finish();
  }

  /** A hash under way, for a source that comes in pieces. Belongs to one thread. */
  public static final class Digest {
    private final SipHash state;

    /**
     * Starts a hash for one interpreter.
     *
     * @throws IllegalArgumentException if the magic number's algorithm is not computable
     */
    public Digest(Magic magic) {
      long key = Integer.toUnsignedLong(magic.raw());
      this.state =
          switch (magic.hash()) {
            case SIPHASH_2_4 -> new SipHash(2, 4, key, 0);
            case SIPHASH_1_3 -> new SipHash(1, 3, key, 0);
            case UNKNOWN ->
                throw new IllegalArgumentException("no source hash is known for " + magic);
          };
    }

    /** Takes a buffer's remaining bytes, moves its position to its limit, and returns this. */
    public Digest update(ByteBuffer piece) {
      state.update(piece);
      return this;
    }

    /** {@return the hash of all pieces, in a state that may take more of them} */
    public long finish() {
      return state.finish();
    }
  }
}
