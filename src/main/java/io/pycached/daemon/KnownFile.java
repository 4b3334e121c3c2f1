package io.pycached.daemon;

import io.pycached.fs.Directory;
import io.pycached.layout.PycachePrefix;
import io.pycached.survey.KnownFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The file of a prefix's state directory that keeps what reading bytecode files told: a mark, a
 * checksum (CRC-32C) and the records of {@link KnownFiles#save}.
 */
public final class KnownFile {
  static final String NAME = "known";

  /** The file's format and that of the identities in it: with another number it is not read. */
  private static final long MARK = 0x7079_6361_6b6e_0001L;

  private static final int HEAD_BYTES = 2 * Long.BYTES;
  static final int MAX_BYTES = HEAD_BYTES + 40 * KnownFiles.MAX_FILES;

  private KnownFile() {}

  /**
   * {@return what is remembered of {@code prefix}; nothing if the file is not there, not readable
   * or damaged} For those who hold no lock: nothing is made or mended, and what is amiss is for the
   * daemon to tell.
   */
  public static KnownFiles read(Path prefix) {
    KnownFiles known = new KnownFiles();
    Path state = prefix.getFileSystem().getPath(PycachePrefix.STATE_DIRECTORY);
    Path file = prefix.getFileSystem().getPath(NAME);
    try (Directory directory = Directory.descend(prefix, state)) {
      take(directory.readWhole(file, directory.stamp(file), MAX_BYTES), known);
    } catch (IOException nothing) {
      // Everything is read anew, then.
    }
    return known;
  }

  /** {@return whether {@code kept} is whole and of this version, and now in {@code known}} */
  static boolean take(byte[] kept, KnownFiles known) {
    if (kept.length < HEAD_BYTES) {
      return false;
    }
    ByteBuffer head = ByteBuffer.wrap(kept);
    byte[] records = Arrays.copyOfRange(kept, HEAD_BYTES, kept.length);
    if (head.getLong() != MARK || head.getLong() != checksum(records)) {
      return false;
    }
    known.load(records);
    return true;
  }

  /** {@return what the file is made of, one piece after the other} */
  static byte[][] pieces(KnownFiles known) {
    byte[][] records = known.save();
    byte[][] pieces = new byte[records.length + 1][];
    pieces[0] = ByteBuffer.allocate(HEAD_BYTES).putLong(MARK).putLong(checksum(records)).array();
    System.arraycopy(records, 0, pieces, 1, records.length);
    return pieces;
  }

  private static long checksum(byte[]... pieces) {
    CRC32C sum = new CRC32C();
    for (byte[] piece : pieces) {
      sum.update(piece);
    }
    return sum.getValue();
  }
}
