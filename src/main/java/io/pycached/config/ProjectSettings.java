package io.pycached.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One project: a source tree named in the configuration.
 *
 * @param name the project's name, unique among the projects
 * @param path the tree as interpreters see it, absolute: what the prefix mirrors
 * @param visibleAt the tree as the daemon sees it, absolute; in a container it differs from {@code
 *     path}
 * @param exclude globs of {@link java.nio.file.FileSystem#getPathMatcher}, for whole paths as the
 *     daemon sees them; what matches is neither watched nor compiled, with all below it
 * @param variants cache tags, with {@code .opt-N} for an optimization level (PEP 488); absent: as
 *     observed in the prefix
 * @param warm which sources are compiled ahead of their import
 * @param invalidation how the bytecode that the daemon compiles is invalidated
 * @param bounds of the project's mirror
 */
public record ProjectSettings(
    String name,
    Path path,
    Path visibleAt,
    List<String> exclude,
    Optional<List<String>> variants,
    Warmth warm,
    InvalidationMode invalidation,
    Bounds bounds) {

  /**
   * Directories that hold no importable sources, or whose sources nobody imports from where they
   * lie. Environments of tox and nox are left in: interpreters do import from them.
   */
  public static final List<String> DEFAULT_EXCLUDE =
      List.of("**/.git", "**/.hg", "**/.svn", "**/node_modules", "**/__pycache__");

  /** A project with its own copies of the lists. */
  public ProjectSettings {
    exclude = List.copyOf(exclude);
    variants = variants.map(List::copyOf);
  }

  /** {@return a project with default settings, seen by the daemon where interpreters see it} */
  public static ProjectSettings of(String name, Path path) {
    return new ProjectSettings(
        name,
        path,
        path,
        DEFAULT_EXCLUDE,
        Optional.empty(),
        Warmth.OBSERVED,
        InvalidationMode.TIMESTAMP,
        Bounds.NONE);
  }
}
