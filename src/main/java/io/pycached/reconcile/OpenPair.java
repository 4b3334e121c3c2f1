package io.pycached.reconcile;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.survey.SourceSide;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory pair whose directories are open, as far as they are there.
 *
 * @param mirror nothing if there is none
 */
record OpenPair(SourceSide source, Optional<Directory> mirror) implements AutoCloseable {

  /** Opens the pair at {@code path} from both roots downwards. */
  static OpenPair at(Territory territory, Path path) throws IOException {
    Path prefix = territory.prefix().path();
    Path mirror = territory.pair(path).mirror();
    Optional<Directory> directory;
    try {
      directory = Optional.of(Directory.descend(prefix, prefix.relativize(mirror)));
    } catch (NoSuchFileException | NotDirectoryException none) {
      directory = Optional.empty();
    }
    return new OpenPair(territory.source(path), directory);
  }

  /**
   * Opens the pair called {@code name} in this one.
   *
   * @param mirrored whether there may be a mirror
   */
  OpenPair child(Path name, boolean mirrored) throws IOException {
    Optional<Directory> directory =
        mirrored && mirror.isPresent() ? child(mirror.get(), name) : Optional.empty();
    return new OpenPair(source.child(name), directory);
  }

  private static Optional<Directory> child(Directory mirror, Path name) throws IOException {
    try {
      FileStamp stamp = mirror.stamp(name);
      return stamp.isDirectory() ? Optional.of(mirror.open(name, stamp)) : Optional.empty();
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    if (mirror.isPresent()) {
      mirror.get().close();
    }
  }
}
