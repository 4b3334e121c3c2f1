package io.pycached.layout;

import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which directories of a project are left alone: neither watched nor surveyed.
 *
 * <p>Patterns are globs as {@link FileSystem#getPathMatcher} reads them, matched against a
 * directory's absolute path and against its path below the project; {@code **}{@code /name} also
 * matches at the project's top. {@code __pycache__} is always excluded: it holds no sources, and
 * with a prefix set no interpreter reads it.
 */
public final class Exclusions {
  private static final String ANYWHERE = "**/";

  private final List<String> globs;
  private final Set<String> names = new HashSet<>(Set.of("__pycache__"));
  private final List<PathMatcher> matchers = new ArrayList<>();

  private Exclusions(List<String> globs) {
    this.globs = List.copyOf(globs);
  }

  /**
   * {@return the exclusions that {@code globs} describe}
   *
   * @throws java.util.regex.PatternSyntaxException if one is no glob
   */
  public static Exclusions of(FileSystem fileSystem, List<String> globs) {
    Exclusions exclusions = new Exclusions(globs);
    for (String glob : globs) {
      String rest = glob.startsWith(ANYWHERE) ? glob.substring(ANYWHERE.length()) : "";
      if (!rest.isEmpty() && rest.chars().noneMatch(c -> "*?[]{}\\/".indexOf(c) >= 0)) {
        exclusions.names.add(rest);
        continue;
      }
      exclusions.matchers.add(fileSystem.getPathMatcher("glob:" + glob));
      if (!rest.isEmpty()) {
        exclusions.matchers.add(fileSystem.getPathMatcher("glob:" + rest));
      }
    }
    return exclusions;
  }

  /**
   * {@return whether the directory at {@code relative} below the project's root {@code root} is
   * excluded}
   */
  public boolean excludes(Path root, Path relative) {
    Path name = relative.getFileName();
    if (name == null) {
      return false;
    }
    if (names.contains(name.toString())) {
      return true;
    }
    if (matchers.isEmpty()) {
      return false;
    }
    Path absolute = root.resolve(relative);
    return matchers.stream()
        .anyMatch(matcher -> matcher.matches(relative) || matcher.matches(absolute));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Exclusions exclusions && globs.equals(exclusions.globs);
  }

  @Override
  public int hashCode() {
    return globs.hashCode();
  }
}
