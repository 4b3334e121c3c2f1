package io.pycached.layout;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory that {@code PYTHONPYCACHEPREFIX} names: the root of a tree of mirrors.
 *
 * @param path absolute
 */
public record PycachePrefix(Path path) {
  public PycachePrefix {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("the pycache prefix must be absolute: " + path);
    }
  }

  /**
   * {@return the directory that holds the bytecode of the sources in {@code directory}, an absolute
   * path}
   */
  public Path mirrorOf(Path directory) {
    return path.resolve(directory.getRoot().relativize(directory));
  }

  /**
   * {@return the directory whose bytecode {@code mirror} holds; nothing if it does not lie in the
   * prefix}
   */
  public Optional<Path> directoryOf(Path mirror) {
    return mirror.startsWith(path)
        ? Optional.of(path.getRoot().resolve(path.relativize(mirror)))
        : Optional.empty();
  }
}
