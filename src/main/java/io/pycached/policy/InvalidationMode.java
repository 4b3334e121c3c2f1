package io.pycached.policy;

import io.pycached.pyc.Invalidation;
import io.pycached.pyc.Magic;
import io.pycached.pyc.SourceHash;
import io.pycached.pyc.SourceMtime;
import java.nio.file.attribute.FileTime;

/** PEP 552's invalidation modes, as {@code py_compile.PycInvalidationMode} names them. */
public enum InvalidationMode {
  TIMESTAMP,
  CHECKED_HASH,
  UNCHECKED_HASH;

  /** {@return the mode of a bytecode file} */
  public static InvalidationMode of(Invalidation invalidation) {
    if (invalidation instanceof Invalidation.Hash hash) {
      return hash.checkSource() ? CHECKED_HASH : UNCHECKED_HASH;
    }
    return TIMESTAMP;
  }

  /**
   * {@return what the header of bytecode for {@code source} says}
   *
   * @param mtime of the source, from before it was read
   * @throws IllegalArgumentException for a hash that {@code magic}'s interpreter alone can compute
   */
  public Invalidation describe(Magic magic, FileTime mtime, byte[] source) {
    return this == TIMESTAMP
        ? new Invalidation.Timestamp(SourceMtime.mtime32(mtime), SourceMtime.size32(source.length))
        : new Invalidation.Hash(SourceHash.of(magic, source), this == CHECKED_HASH);
  }
}
