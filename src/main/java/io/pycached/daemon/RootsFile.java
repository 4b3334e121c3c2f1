package io.pycached.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pycached.fs.StateDirectory;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.RawPath;
import io.pycached.reconcile.Volumes;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps from one run to the next on which file systems the roots of projects lay: a disk that fails
 * to be mounted does so when the machine starts. For the holder of the prefix's lock.
 *
 * <p>The file has a line for each root: the device number, a space, and the path, percent-encoded.
 * If it is lost, a second survey is what protects bytecode, see {@link Volumes}.
 */
final class RootsFile {
  private static final Logger log = LoggerFactory.getLogger(RootsFile.class);
  private static final int MAX_BYTES = 1 << 20;

  private final Path prefix;
  private final Path file;
  private final Volumes volumes = new Volumes();
  private Map<Path, Long> saved = Map.of();

  RootsFile(Path prefix) {
    this.prefix = prefix;
    this.file = prefix.getFileSystem().getPath("roots");
  }

  /** {@return what is kept} */
  Volumes volumes() {
    return volumes;
  }

  /** Reads what was kept; lines that say nothing are passed over. */
  synchronized void load() {
    try {
      state()
          .read(file, MAX_BYTES)
          .ifPresent(bytes -> new String(bytes, ISO_8859_1).lines().forEach(this::take));
    } catch (IOException unreadable) {
      log.info("where projects were is not known: {}", unreadable.getMessage());
    }
    saved = volumes.agreed();
  }

  private void take(String line) {
    int space = line.indexOf(' ');
    try {
      long device = Long.parseLong(line.substring(0, Math.max(space, 0)));
      String raw = URLDecoder.decode(line.substring(space + 1), ISO_8859_1);
      volumes.agree(RawPath.toPath(prefix.getFileSystem(), raw), device);
    } catch (IllegalArgumentException damaged) {
      log.info("{} has a line that says nothing: {}", file, damaged.getMessage());
    }
  }

  /** Writes what is known, if that has changed. */
  synchronized void save() {
    Map<Path, Long> now = volumes.agreed();
    if (now.equals(saved)) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    now.forEach(
        (root, device) ->
            lines
                .append(device)
                .append(' ')
                .append(URLEncoder.encode(RawPath.of(root), ISO_8859_1))
                .append('\n'));
    try {
      state().write(file, lines.toString().getBytes(ISO_8859_1));
      saved = now;
    } catch (ClosedByInterruptException stopping) {
      log.debug("{} is written once more when everything has stopped", file);
    } catch (IOException unwritable) {
      log.info("where projects are is not remembered: {}", unwritable.getMessage());
    }
  }

  private StateDirectory state() throws IOException {
    return StateDirectory.open(prefix, PycachePrefix.STATE_DIRECTORY);
  }
}
