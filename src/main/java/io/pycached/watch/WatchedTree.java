package io.pycached.watch;

import io.pycached.layout.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A project and what lies in it without belonging to it.
 *
 * @param project the project
 * @param innerRoots the visible roots of the projects inside it, which have their own watch
 * @param prefix the pycache prefix, which holds no sources
 */
record WatchedTree(Project project, Set<Path> innerRoots, Path prefix) {
  WatchedTree {
    innerRoots = Set.copyOf(innerRoots);
  }

  /** {@return the trees of {@code projects}, in their order} */
  static List<WatchedTree> of(Collection<Project> projects, Path prefix) {
    List<WatchedTree> trees = new ArrayList<>();
    for (Project project : projects) {
      Set<Path> inner =
          projects.stream()
              .map(Project::visibleAt)
              .filter(root -> root.startsWith(project.visibleAt()))
              .filter(root -> !root.equals(project.visibleAt()))
              .collect(Collectors.toSet());
      trees.add(new WatchedTree(project, inner, prefix));
    }
    return trees;
  }

  Path root() {
    return project.visibleAt();
  }
}
