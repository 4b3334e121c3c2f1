package io.pycached.layout;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The directory that {@code PYTHONPYCACHEPREFIX} names: the root of a tree of mirrors.
 *
 * @param path absolute
 */
public record PycachePrefix(Path path) {
  /** The file that pycached locks, in the prefix itself. */
  public static final String LOCK_FILE = ".pycached.lock";

  /** The file that tells backup programs of a cache, in the prefix itself. */
  public static final String TAG_FILE = "CACHEDIR.TAG";

  /** The directory that becomes a mirror's when it is moved there, in the prefix itself. */
  public static final String NEW_DIRECTORY = ".pycached.new";

  /** The file that is written to see whether anything can be, in the prefix itself. */
  public static final String PROBE_FILE = ".pycached.probe";

  /** The directory of what pycached wants to remember, in the prefix itself. */
  public static final String STATE_DIRECTORY = ".pycached";

  private static final Set<String> OWN =
      Set.of(LOCK_FILE, TAG_FILE, NEW_DIRECTORY, PROBE_FILE, STATE_DIRECTORY);

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

  /**
   * {@return whether {@code name}, in the mirror of {@code directory}, is one that pycached keeps
   * for itself}
   */
  public static boolean isOwn(Path directory, String name) {
    return directory.getNameCount() == 0 && OWN.contains(name);
  }

  /** {@return whether the mirror of {@code directory} is no mirror, but pycached's own} */
  public static boolean isOwn(Path directory) {
    return directory.getNameCount() == 1 && STATE_DIRECTORY.equals(directory.getName(0).toString());
  }
}
