package io.pycached.survey;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.pyc.Body;
import io.pycached.pyc.Magic;
import io.pycached.pyc.MarshalCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Reads the bodies of bytecode files, and remembers which are damaged. Safe for use by any thread.
 */
final class Bodies {
  /** A file beyond it is not read: it would be that of a source of 250,000 lines of literals. */
  static final int MAX_BYTES = 16 << 20;

  /** A file beyond it is large: threads that read such ones wait for each other. */
  private static final int LARGE_BYTES = 1 << 20;

  /** How many damaged files are remembered, at some 300 bytes each. */
  private static final long MAX_DAMAGED = 20_000;

  private final KnownFiles known;

  /** Files by their stamps, one that changes being another one. */
  private final Remembered<FileStamp, Body.Damaged> damaged = new Remembered<>(MAX_DAMAGED);

  /**
   * For as many bytes of large files as are in memory at a time, however many threads there are.
   */
  private final Semaphore room = new Semaphore(MAX_BYTES);

  /**
   * @param known remembers which are whole
   */
  Bodies(KnownFiles known) {
    this.known = known;
  }

  /**
   * {@return what is wrong with the body of {@code name}, if it is read or known and something is}
   *
   * @param identity see {@link KnownFiles}
   * @param reading is noted before it is read
   */
  Optional<Body.Damaged> damage(
      Directory directory,
      Path name,
      FileStamp stamp,
      long identity,
      Magic magic,
      BodyCheck check,
      Reading reading)
      throws IOException {
    if (check != BodyCheck.ALWAYS) {
      Optional<Body.Damaged> remembered = Optional.ofNullable(damaged.get(stamp));
      if (check == BodyCheck.NEVER || remembered.isPresent() || known.isWhole(identity)) {
        return remembered;
      }
    }
    reading.note();
    if (read(directory, name, stamp, magic) instanceof Body.Damaged found) {
      damaged.put(stamp, found);
      return Optional.of(found);
    }
    damaged.forget(stamp);
    known.whole(identity);
    return Optional.empty();
  }

  /** {@return what the body of the regular file {@code name} is} */
  Body read(Directory directory, Path name, FileStamp stamp, Magic magic) throws IOException {
    if (stamp.size() > MAX_BYTES) {
      return new Body.Unchecked(
          "file is " + stamp.size() + " bytes, more than the " + MAX_BYTES + " that are read");
    }
    int size = (int) stamp.size();
    if (size <= LARGE_BYTES) {
      return check(directory, name, size, magic);
    }
    room.acquireUninterruptibly(size);
    try {
      return check(directory, name, size, magic);
    } finally {
      room.release(size);
    }
  }

  private static Body check(Directory directory, Path name, int size, Magic magic)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    directory.read(name, bytes);
    bytes.flip();
    return MarshalCheck.check(bytes.position(Math.min(bytes.limit(), magic.headerBytes())), magic);
  }
}
