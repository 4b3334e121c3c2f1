package io.pycached.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pycached.layout.RawPath;
import io.pycached.reconcile.Volumes;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps from one run to the next on which file systems the roots of projects lay: a disk that fails
 * to be mounted does so when the machine starts.
 *
 * <p>There is a line for each root: the device number, a space, and the path, percent-encoded. If
 * it is lost, a second survey is what protects bytecode, see {@link Volumes}.
 */
final class RootsFile {
  private static final Logger log = LoggerFactory.getLogger(RootsFile.class);

  private final FileSystem fileSystem;
  private final KeptText text;
  private final Volumes volumes = new Volumes();

  RootsFile(Path prefix) {
    this.fileSystem = prefix.getFileSystem();
    this.text = new KeptText(prefix, "roots");
  }

  /** {@return what is kept} */
  Volumes volumes() {
    return volumes;
  }

  /** Reads what was kept; lines that say nothing are passed over. */
  void load() {
    text.read().lines().forEach(this::take);
  }

  private void take(String line) {
    int space = line.indexOf(' ');
    try {
      long device = Long.parseLong(line.substring(0, Math.max(space, 0)));
      String raw = URLDecoder.decode(line.substring(space + 1), ISO_8859_1);
      volumes.agree(RawPath.toPath(fileSystem, raw), device);
    } catch (IllegalArgumentException damaged) {
      log.info("the file of roots has a line that says nothing: {}", damaged.getMessage());
    }
  }

  /** Writes what is known, if that has changed. */
  void save() {
    text.write(
        volumes.agreed().entrySet().stream()
            .map(
                root ->
                    "%d %s\n"
                        .formatted(
                            root.getValue(),
                            URLEncoder.encode(RawPath.of(root.getKey()), ISO_8859_1)))
            .sorted()
            .collect(Collectors.joining()));
  }
}
