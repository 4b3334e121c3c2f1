package io.pycached.watch;

import io.pycached.layout.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A project and what lies in it without belonging to it; or the prefix, for the bytecode in it.
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

  /** {@return whether this is the prefix itself, which is watched for bytecode} */
  boolean isPrefix() {
    return root().equals(prefix);
  }

  /** {@return whether a file called {@code name} is of the kind that this tree is watched for} */
  boolean matters(String name) {
    // With what follows it: a writer's temporary file comes and goes with the bytecode.
    return isPrefix()
        ? name.contains(".pyc") || name.contains(".pyo")
        : name.endsWith(".py") || name.endsWith(".pyw");
  }

  Path root() {
    return project.visibleAt();
  }
}
