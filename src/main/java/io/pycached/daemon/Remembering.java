package io.pycached.daemon;

import io.pycached.fs.Directory;
import io.pycached.fs.StateDirectory;
import io.pycached.layout.PycachePrefix;
import io.pycached.survey.KnownFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what reading bytecode files told from one run to the next, in a file of the prefix's state
 * directory. It can be lost, or thrown away, without harm: then everything is read once more.
 *
 * <p>The file is a mark, a checksum (CRC-32C) and the records of {@link KnownFiles#save}.
 */
public final class Remembering {
  private static final Logger log = LoggerFactory.getLogger(Remembering.class);

  /** The file's format and that of the identities in it: with another number it is not read. */
  private static final long MARK = 0x7079_6361_6b6e_0001L;

  private static final int HEAD_BYTES = 2 * Long.BYTES;
  private static final int MAX_BYTES = HEAD_BYTES + 40 * KnownFiles.MAX_FILES;

  private final Path prefix;
  private final Path file;
  private final KnownFiles known = new KnownFiles();

  public Remembering(Path prefix) {
    this.prefix = prefix;
    this.file = prefix.getFileSystem().getPath("known");
  }

  /** {@return what is remembered} */
  public KnownFiles known() {
    return known;
  }

  /**
   * {@return what is remembered of {@code prefix}} For those who hold no lock: nothing is made or
   * mended.
   */
  public static KnownFiles of(Path prefix) {
    Remembering remembering = new Remembering(prefix);
    Path state = prefix.getFileSystem().getPath(PycachePrefix.STATE_DIRECTORY);
    try (Directory directory = Directory.descend(prefix, state)) {
      Path file = remembering.file;
      remembering.take(directory.readWhole(file, directory.stamp(file), MAX_BYTES));
    } catch (IOException nothing) {
      log.debug("nothing is remembered of earlier runs: {}", nothing.getMessage());
    }
    return remembering.known();
  }

  /** Reads what was kept. For the holder of the prefix's lock. */
  public void load() {
    try {
      state().read(file, MAX_BYTES).ifPresent(this::take);
    } catch (StateDirectory.RefusedException told) {
      // By the journal, which is kept there too, once it has something to say.
      log.debug("nothing is remembered of earlier runs: {}", told.getMessage());
    } catch (IOException unreadable) {
      log.info("nothing is remembered of earlier runs: {}", unreadable.getMessage());
    }
  }

  private void take(byte[] kept) {
    if (!isTaken(kept)) {
      log.info("{} is damaged or of another version: everything is read anew", file);
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

  /** Writes what is known. For the holder of the prefix's lock. */
  public void save() {
    byte[][] records = known.save();
    byte[][] pieces = new byte[records.length + 1][];
    pieces[0] = ByteBuffer.allocate(HEAD_BYTES).putLong(MARK).putLong(checksum(records)).array();
    System.arraycopy(records, 0, pieces, 1, records.length);
    try {
      state().write(file, pieces);
    } catch (ClosedByInterruptException stopping) {
      log.debug("{} is written once more when everything has stopped", file);
    } catch (StateDirectory.RefusedException told) {
      log.debug("what was read is not remembered: {}", told.getMessage());
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
