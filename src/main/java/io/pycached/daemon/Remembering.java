package io.pycached.daemon;

import io.pycached.fs.StateDirectory;
import io.pycached.layout.PycachePrefix;
import io.pycached.survey.KnownFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what reading bytecode files told from one run to the next, in a file of the prefix's state
 * directory. It can be lost, or thrown away, without harm: then everything is read once more.
 *
 * <p>The file is a mark, a checksum (CRC-32C) and the records of {@link KnownFiles#save}.
 */
final class Remembering {
  private static final Logger log = LoggerFactory.getLogger(Remembering.class);

  /** The file's format and that of the identities in it: with another number it is not read. */
  private static final long MARK = 0x7079_6361_6b6e_0001L;

  private static final int HEAD_BYTES = 2 * Long.BYTES;
  private static final int MAX_BYTES = HEAD_BYTES + 40 * KnownFiles.MAX_FILES;

  private final Path prefix;
  private final Path file;
  private final KnownFiles known = new KnownFiles();

  Remembering(Path prefix) {
    this.prefix = prefix;
    this.file = prefix.getFileSystem().getPath("known");
  }

  KnownFiles known() {
    return known;
  }

  /** Reads what was kept. */
  void load() {
    try {
      Optional<byte[]> kept = state().read(file, MAX_BYTES);
      if (kept.isPresent() && !isTaken(kept.get())) {
        log.info("{} is damaged or of another version: everything is read anew", file);
      }
    } catch (IOException unreadable) {
      log.info("nothing is remembered of earlier runs: {}", unreadable.getMessage());
    }
  }

  private boolean isTaken(byte[] kept) {
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

  /** Writes what is known. */
  void save() {
    byte[][] records = known.save();
    byte[][] pieces = new byte[records.length + 1][];
    pieces[0] = ByteBuffer.allocate(HEAD_BYTES).putLong(MARK).putLong(checksum(records)).array();
    System.arraycopy(records, 0, pieces, 1, records.length);
    try {
      state().write(file, pieces);
    } catch (IOException unwritable) {
      log.info("what was read is not remembered: {}", unwritable.getMessage());
    }
  }

  private StateDirectory state() throws IOException {
    return StateDirectory.open(prefix, PycachePrefix.STATE_DIRECTORY);
  }

  private static long checksum(byte[]... pieces) {
    CRC32C sum = new CRC32C();
    for (byte[] piece : pieces) {
      sum.update(piece);
    }
    return sum.getValue();
  }
}
