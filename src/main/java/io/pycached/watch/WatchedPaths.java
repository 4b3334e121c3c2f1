package io.pycached.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The names of a tree's directories, in the kernel's words and in the project's.
 *
 * <p>Watches are on the root's real path, so that a symbolic link as root works; the listener hears
 * paths below {@link io.pycached.layout.Project#visibleAt()}.
 */
final class WatchedPaths {
  private final WatchedTree tree;
  private final Path realRoot;
  private final Set<Path> skipped;

  private WatchedPaths(WatchedTree tree, Path realRoot, Set<Path> skipped) {
    this.tree = tree;
    this.realRoot = realRoot;
    this.skipped = skipped;
  }

  /** {@return the names of {@code tree}, whose root is {@code realRoot} at the moment} */
  static WatchedPaths of(WatchedTree tree, Path realRoot) {
    Set<Path> skipped = new HashSet<>();
    for (Path inner : tree.innerRoots()) {
      skipped.add(realRoot.resolve(tree.root().relativize(inner)));
    }
    skipped.add(tree.prefix());
    if (tree.prefix().startsWith(tree.root())) {
      skipped.add(realRoot.resolve(tree.root().relativize(tree.prefix())));
    }
    try {
      skipped.add(tree.prefix().toRealPath());
    } catch (IOException unresolved) {
      // A prefix that does not exist yet will be created under the name it was given.
    }
    return new WatchedPaths(tree, realRoot, Set.copyOf(skipped));
  }

  Path realRoot() {
    return realRoot;
  }

  /** {@return whether a file called {@code name} is of the kind that the tree is watched for} */
  boolean matters(String name) {
    return tree.matters(name);
  }

  /** {@return whether the directory {@code real} is neither watched nor reported} */
  boolean skips(Path real) {
    if (real.equals(realRoot)) {
      return false;
    }
    return skipped.contains(real) || tree.project().excludes(realRoot.relativize(real));
  }

  /** {@return the project's name of {@code real}, which is the root or below it} */
  Path visible(Path real) {
    return real.equals(realRoot) ? tree.root() : tree.project().visible(realRoot.relativize(real));
  }
}
