package io.pycached.survey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.pyc.Body;
import io.pycached.pyc.Magic;
import io.pycached.pyc.MarshalCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads the bodies of bytecode files, and remembers which are whole. Safe for use by any thread.
 */
final class Bodies {
  /**
   * A body beyond it is not read: the largest that any compiler is known to have written is a tenth
   * of it.
   */
  static final long MAX_BYTES = 64L << 20;

  /** How many files are remembered, at some 200 bytes each. */
  private static final long MAX_REMEMBERED = 20_000;

  /** Files by their stamps, one that changes being another one, and what is wrong with them. */
  private final Cache<FileStamp, Optional<Body.Damaged>> known =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

  /**
   * {@return what is wrong with the body of {@code name}, if it is read or known and something is}
   */
  Optional<Body.Damaged> damage(
      Directory directory, Path name, FileStamp stamp, Magic magic, BodyCheck check)
      throws IOException {
    Optional<Body.Damaged> remembered = known.getIfPresent(stamp);
    if (check == BodyCheck.NEVER || (check == BodyCheck.ONCE && remembered != null)) {
      return remembered == null ? Optional.empty() : remembered;
    }
    Optional<Body.Damaged> damage =
        read(directory, name, stamp, magic) instanceof Body.Damaged damaged
            ? Optional.of(damaged)
            : Optional.empty();
    known.put(stamp, damage);
    return damage;
  }

  /** {@return what the body of the regular file {@code name} is} */
  static Body read(Directory directory, Path name, FileStamp stamp, Magic magic)
      throws IOException {
    if (stamp.size() > MAX_BYTES) {
      return new Body.Unchecked(
          "file is " + stamp.size() + " bytes, more than the " + MAX_BYTES + " that are read");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) stamp.size());
    directory.read(name, bytes);
    bytes.flip();
    return MarshalCheck.check(bytes.position(Math.min(bytes.limit(), magic.headerBytes())), magic);
  }
}
