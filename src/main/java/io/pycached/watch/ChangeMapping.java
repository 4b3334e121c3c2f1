package io.pycached.watch;

import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Which events matter, and to which directories.
 *
 * <table>
 *   <caption>What an event for {@code D/name} says</caption>
 *   <tr><th>{@code name}</th><th>created</th><th>modified</th><th>deleted</th></tr>
 *   <tr><td>a directory</td><td>D, and name with all below</td><td>name</td><td>as any other</td></tr>
 *   <tr><td>{@code *.py}, {@code *.pyw}</td><td>D</td><td>D</td><td>D</td></tr>
 *   <tr><td>without a dot</td><td>D: may be a link to a directory</td><td>-</td>
 *       <td>D, and name with all below</td></tr>
 *   <tr><td>any other</td><td>-</td><td>-</td><td>D, and name with all below</td></tr>
 * </table>
 *
 * <p>In the prefix bytecode takes the place of sources.
 *
 * <p>A deleted name can no longer be asked what it was, and {@code foo.d} may have been a
 * directory; hence D is always surveyed, and the name too unless it reads as a source (the survey
 * of D finds a directory that did). A log that grows costs no survey. A directory is modified when
 * its permissions change.
 *
 * <p>Excluded directories say nothing at all. No state, no I/O but {@code isDirectory}.
 */
final class ChangeMapping {
  /** Where changes go, in the project's names. */
  interface Target {
    void dirty(Path directory);

    void dirtyTree(Path directory, DirtyReason reason);
  }

  private final WatchedPaths paths;
  private final Predicate<Path> isDirectory;
  private final Target target;

  ChangeMapping(WatchedPaths paths, Predicate<Path> isDirectory, Target target) {
    this.paths = paths;
    this.isDirectory = isDirectory;
    this.target = target;
  }

  void directoryCreated(Path path) {
    if (paths.skips(path)) {
      return;
    }
    dirtyParent(path);
    target.dirtyTree(paths.visible(path), DirtyReason.CREATED);
  }

  void fileCreated(Path path) {
    String name = name(path);
    if (paths.matters(name) || name.indexOf('.') < 0) {
      dirtyParent(path);
    }
  }

  void modified(Path path) {
    if (paths.matters(name(path))) {
      dirtyParent(path);
    } else if (!paths.skips(path) && isDirectory.test(path)) {
      target.dirty(paths.visible(path));
    }
  }

  void deleted(Path path) {
    boolean source = paths.matters(name(path));
    if (!source && paths.skips(path)) {
      return;
    }
    dirtyParent(path);
    if (!source) {
      target.dirtyTree(paths.visible(path), DirtyReason.DELETED);
    }
  }

  private void dirtyParent(Path path) {
    Path parent = path.getParent();
    if (parent != null && parent.startsWith(paths.realRoot())) {
      target.dirty(paths.visible(parent));
    }
  }

  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }
}
