package io.pycached.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pycached.fs.StateDirectory;
import io.pycached.layout.PycachePrefix;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines that are kept from one run to the next, in a file of the prefix. They can be lost, or
 * thrown away, without harm. For the holder of the prefix's lock; safe for use by any of its
 * threads.
 */
final class KeptText {
  private static final Logger log = LoggerFactory.getLogger(KeptText.class);
  private static final int MAX_BYTES = 1 << 20;

  private final Path prefix;
  private final Path file;
  private String kept = "";

  /**
   * @param name of the file in the state directory
   */
  KeptText(Path prefix, String name) {
    this.prefix = prefix;
    this.file = prefix.getFileSystem().getPath(name);
  }

  /** {@return what was kept, a character for each byte; empty if nothing was} */
  synchronized String read() {
    try {
      kept = state().read(file, MAX_BYTES).map(bytes -> new String(bytes, ISO_8859_1)).orElse("");
    } catch (IOException unreadable) {
      log.info("what was kept in {} is not known: {}", file, unreadable.getMessage());
    }
    return kept;
  }

  /** Keeps {@code text}, unless it is what is kept already. */
  synchronized void write(String text) {
    if (text.equals(kept)) {
      return;
    }
    try {
      state().write(file, text.getBytes(ISO_8859_1));
      kept = text;
    } catch (ClosedByInterruptException stopping) {
      log.debug("{} is written once more when everything has stopped", file);
    } catch (IOException unwritable) {
      log.info("{} is not kept: {}", file, unwritable.getMessage());
    }
  }

  private StateDirectory state() throws IOException {
    return StateDirectory.open(prefix, PycachePrefix.STATE_DIRECTORY);
  }
}
