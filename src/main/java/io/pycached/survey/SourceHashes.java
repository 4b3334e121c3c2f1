package io.pycached.survey;

import io.pycached.fs.FileStamp;
import io.pycached.fs.GuardedOpen;
import io.pycached.pyc.Magic;
import io.pycached.pyc.SourceHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The source hashes of files, each computed once for as long as the file stays the same one.
 *
 * <p>A file is the same while its inode, size, mtime and ctime are; the ctime is what catches an
 * edit whose mtime was put back. Bounded, and rebuilt by reading: losing an entry costs time only.
 * Safe for use by any thread.
 */
public final class SourceHashes {
  /**
   * A source beyond it is not hashed: no compiler was meant to read it, and reading it would starve
   * the rest.
   */
  static final long MAX_SOURCE_BYTES = 256L << 20;

  private static final int CHUNK = 1 << 16;

  private record Key(int magic, FileStamp stamp, Object ctime) {}

  private final Remembered<Key, Long> hashes;

  /**
   * @param entries how many hashes are remembered
   */
  public SourceHashes(long entries) {
    this.hashes = new Remembered<>(entries);
  }

  /**
   * {@return the hash of the regular file {@code source} as the interpreter with {@code magic}
   * computes it}
   *
   * @param stamp the file's, symbolic links followed
   * @throws FileSystemException if it is not that file any more, too
   */
  long hash(Magic magic, Path source, FileStamp stamp) throws IOException {
    if (stamp.size() > MAX_SOURCE_BYTES) {
      throw new FileSystemException(
          source.toString(),
          null,
          "source is "
              + stamp.size()
              + " bytes, more than the "
              + MAX_SOURCE_BYTES
              + " that are hashed");
    }
    Object ctime = Files.getAttribute(source, "unix:ctime");
    Key key = new Key(magic.number(), stamp, ctime);
    Long known = hashes.get(key);
    if (known != null) {
      return known;
    }
    long hash = read(magic, source, stamp);
    hashes.put(key, hash);
    return hash;
  }

  /** Reads no more than the file had: its name may stand for a device by now, which never ends. */
  private static long read(Magic magic, Path source, FileStamp stamp) throws IOException {
    SourceHash.Digest digest = new SourceHash.Digest(magic);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    try (SeekableByteChannel channel = GuardedOpen.file(source)) {
      long left = stamp.size();
      while (left > 0 && channel.read(chunk.limit((int) Math.min(CHUNK, left))) >= 0) {
        left -= chunk.position();
        digest.update(chunk.flip());
        chunk.clear();
      }
    }
    if (!FileStamp.following(source).equals(stamp)) {
      throw new FileSystemException(source.toString(), null, "changed while it was read");
    }
    return digest.finish();
  }
}
