package io.pycached.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The root of a tree, as it was last seen. Not safe for use by several threads. */
final class Root {
  private final Path path;
  private @Nullable RootIdentity identity;
  private boolean lookedFor;

  Root(Path path) {
    this.path = path;
  }

  /**
   * How the root is otherwise than at the last look; a root that is another directory than before
   * is both lost and found.
   *
   * @param lost why the one there was is no more, or why there was none from the beginning
   * @param found whether there is one that was not there before
   */
  record Change(Optional<String> lost, boolean found) {}

  /** Looks for the root. A dead mount may hold that up for ever. */
  Change look() {
    RootIdentity before = identity;
    RootIdentity now;
    try {
      now = RootIdentity.of(path);
    } catch (IOException failure) {
      boolean news = before != null || !lookedFor;
      identity = null;
      lookedFor = true;
      return new Change(
          news ? Optional.of(RootIdentity.explain(failure)) : Optional.empty(), false);
    }
    identity = now;
    lookedFor = true;
    if (before == null) {
      return new Change(Optional.empty(), true);
    }
    return before.isSame(now)
        ? new Change(Optional.empty(), false)
        : new Change(Optional.of(path + " is another directory than before"), true);
  }

  /** {@return the type of the file system that the root is on; empty if that is unknown} */
  String fileSystemType() {
    try {
      return Files.getFileStore(path).type();
    } catch (IOException unlisted) {
      // A root whose mount is not listed, as in a chroot: the kernel may well tell of changes.
      return "";
    }
  }
}
