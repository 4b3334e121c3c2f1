package io.pycached.clean;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import io.pycached.pyc.Magics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Tells bytecode from what else may lie in a {@code __pycache__} directory.
 *
 * @param temporaryAge how old a writer's temporary file must be before its writer counts as gone
 * @param now when this was asked
 */
record Recognition(Duration temporaryAge, Instant now) {
  /** What a power cut zeroes, it zeroes by blocks. */
  private static final int BLOCK = 4096;

  private static final int MAGIC_BYTES = 4;
  private static final int CR_LF = 0x0A0D_0000;

  /** What an entry is. */
  sealed interface Entry {}

  /** Bytecode that may go; {@code meaning} is the file that was written or meant. */
  record Bytecode(MirrorName meaning) implements Entry {}

  /** Something that is not to be touched. */
  record Other(String why) implements Entry {}

  /**
   * {@return what {@code name} is}
   *
   * @param stamp of {@code name}, just taken
   * @throws IOException if it cannot be read
   */
  Entry of(Directory directory, Path name, FileStamp stamp) throws IOException {
    String kind =
        switch (stamp.kind()) {
          case DIRECTORY -> "a directory";
          case SYMLINK -> "a symbolic link";
          case SPECIAL -> "not a regular file";
          case REGULAR -> "";
        };
    if (!kind.isEmpty()) {
      return new Other(kind);
    }
    MirrorName meaning = MirrorName.parse(RawPath.of(name));
    if (meaning instanceof MirrorName.Foreign) {
      return new Other("not a name of bytecode");
    }
    if (meaning instanceof MirrorName.Temporary
        && stamp.mtime().toInstant().plus(temporaryAge).isAfter(now)) {
      return new Other("a temporary file that may still be written");
    }
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(BLOCK, stamp.size()));
    directory.read(name, head);
    head.flip();
    return isBytecode(head) ? new Bytecode(meaning) : new Other("no Python writes such a header");
  }

  private static boolean isBytecode(ByteBuffer head) {
    if (head.remaining() >= MAGIC_BYTES) {
      int raw = head.order(ByteOrder.LITTLE_ENDIAN).getInt(0);
      if ((raw & 0xFFFF_0000) == CR_LF && Magics.find(raw & 0xFFFF).isPresent()) {
        return true;
      }
    }
    while (head.hasRemaining()) {
      if (head.get() != 0) {
        return false;
      }
    }
    return true;
  }
}
