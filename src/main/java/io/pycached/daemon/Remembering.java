package io.pycached.daemon;

import io.pycached.fs.StateDirectory;
import io.pycached.layout.PycachePrefix;
import io.pycached.survey.KnownFiles;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what reading bytecode files told from one run to the next, in the {@link KnownFile} of the
 * prefix. It can be lost, or thrown away, without harm: then everything is read once more. For the
 * holder of the prefix's lock.
 */
public final class Remembering {
  private static final Logger log = LoggerFactory.getLogger(Remembering.class);

  private final Path prefix;
  private final Path file;
  private final KnownFiles known = new KnownFiles();

  public Remembering(Path prefix) {
    this.prefix = prefix;
    this.file = prefix.getFileSystem().getPath(KnownFile.NAME);
  }

  /** {@return what is remembered} */
  public KnownFiles known() {
    return known;
  }

  /** Reads what was kept. */
  public void load() {
    try {
      state().read(file, KnownFile.MAX_BYTES).ifPresent(this::take);
    } catch (StateDirectory.RefusedException told) {
      // By the journal, which is kept there too, once it has something to say.
      log.debug("nothing is remembered of earlier runs: {}", told.getMessage());
    } catch (IOException unreadable) {
      log.info("nothing is remembered of earlier runs: {}", unreadable.getMessage());
    }
  }

  private void take(byte[] kept) {
    if (!KnownFile.take(kept, known)) {
      log.info("{} is damaged or of another version: everything is read anew", file);
    }
  }

  /** Writes what is known. */
  public void save() {
    try {
      state().write(file, KnownFile.pieces(known));
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
}
