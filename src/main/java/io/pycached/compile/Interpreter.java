package io.pycached.compile;

import io.pycached.layout.CacheTag;
import io.pycached.pyc.Magic;
import io.pycached.pyc.Magics;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A Python interpreter that was asked who it is.
 *
 * @param executable what is run, absolute; symbolic links are resolved unless it was configured
 * @param cacheTag {@code sys.implementation.cache_tag}
 * @param magic the first two bytes of {@code importlib.util.MAGIC_NUMBER}, unsigned and little
 *     endian
 * @param implementation {@code sys.implementation.name}, {@code "cpython"}
 * @param version as {@code sys.version} begins, {@code "3.12.4"} or {@code "3.15.0a2+"}
 * @param freeThreaded whether it was built without the global interpreter lock (PEP 703); such a
 *     build shares cache tag and magic number with the ordinary one
 * @param hashes whether its {@code source_hash} was seen to equal {@link
 *     io.pycached.pyc.SourceHash}; without that, hash-based bytecode cannot be written for it
 */
public record Interpreter(
    Path executable,
    CacheTag cacheTag,
    int magic,
    String implementation,
    String version,
    boolean freeThreaded,
    boolean hashes) {

  /**
   * The bytecode that an interpreter reads and writes. The tag alone does not tell: pre-releases
   * change the magic number under an unchanged one.
   */
  public record Dialect(CacheTag cacheTag, int magic) {}

  /** {@return the bytecode it reads and writes} */
  public Dialect dialect() {
    return new Dialect(cacheTag, magic);
  }

  /** {@return what is known of its magic number; empty for one newer than this program} */
  public Optional<Magic> knownMagic() {
    return Magics.find(magic);
  }
}
