package io.pycached.layout;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A source tree whose bytecode is looked after.
 *
 * @param name how people call it; unique on this machine
 * @param path its root as interpreters see it, absolute
 * @param visibleAt its root as this process sees it, absolute: another path where the two live in
 *     different mount namespaces
 * @param exclusions the directories in it that are left alone
 */
public record Project(String name, Path path, Path visibleAt, Exclusions exclusions) {
  public Project {
    if (!path.isAbsolute() || !visibleAt.isAbsolute()) {
      throw new IllegalArgumentException(
          "a project's path must be absolute: " + path + ", " + visibleAt);
    }
  }

  // Both by hand: made by the JVM they would take a tenth of the time in which a command starts.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Project that
        && name.equals(that.name)
        && path.equals(that.path)
        && visibleAt.equals(that.visibleAt)
        && exclusions.equals(that.exclusions);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  /** {@return where this process sees the directory at {@code relative} below the root} */
  public Path visible(Path relative) {
    return visibleAt.resolve(relative);
  }

  /** {@return whether the directory at {@code relative} below the root is left alone} */
  public boolean excludes(Path relative) {
    return exclusions.excludes(visibleAt, relative);
  }
}
