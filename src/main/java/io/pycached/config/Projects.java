package io.pycached.config;

import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The projects of a configuration, checked against one another and against the prefix. Owned by the
 * thread that reads.
 */
final class Projects {

  private static final int MAX_NAME_LENGTH = 64;
  private static final Origin COMMAND_LINE = Origin.outsideFiles("command line");

  private final Problems problems;
  private final Map<String, Origin> names = new HashMap<>();

  /** In the order of the configuration, by path, with the place of each path. */
  private final Map<Path, Origin> places = new LinkedHashMap<>();

  private final List<ProjectSettings> projects = new ArrayList<>();

  private Projects(Problems problems) {
    this.problems = problems;
  }

  static Projects ofTables(List<Value.Table> tables, FileSystem fileSystem, Problems problems) {
    Projects projects = new Projects(problems);
    List<Draft> drafts = new ArrayList<>();
    for (Value.Table table : tables) {
      Assignments assignments = new Assignments(fileSystem, problems);
      assignments.putAll(Key.PROJECT, table);
      drafts.add(new Draft(table, assignments, projects.claimedName(assignments)));
    }
    drafts.forEach(projects::add);
    return projects;
  }

  static Projects ofDirectories(List<Path> directories, Problems problems) {
    Projects projects = new Projects(problems);
    for (Path directory : directories) {
      if (projects.places.putIfAbsent(directory, COMMAND_LINE) == null) {
        projects.projects.add(ProjectSettings.of(projects.defaultName(directory), directory));
      }
    }
    return projects;
  }

  List<ProjectSettings> all() {
    return projects;
  }

  /** Reports the projects inside the prefix: their bytecode would be bytecode of bytecode. */
  void requireOutside(Path prefix) {
    for (ProjectSettings project : projects) {
      Origin at = places.getOrDefault(project.path(), COMMAND_LINE);
      for (Path path : List.of(project.path(), project.visibleAt())) {
        if (path.startsWith(prefix)) {
          problems.add(at, inside(project.name(), path, prefix));
          break;
        }
      }
    }
  }

  private static String inside(String name, Path path, Path prefix) {
    return "project "
        + Quoted.word(name)
        + ": expected a tree outside the prefix "
        + Quoted.text(prefix.toString())
        + ", found "
        + Quoted.text(path.toString());
  }

  /** A table of the configuration whose name, if it has one, is taken. */
  private record Draft(Value.Table table, Assignments assignments, Optional<String> name) {}

  /** Names that are written come first, so that a default one can make way for them. */
  private Optional<String> claimedName(Assignments assignments) {
    Optional<String> name = assignments.read(Key.NAME);
    if (name.isPresent()) {
      Origin at = assignments.origin(Key.NAME).orElseThrow();
      Origin first = names.putIfAbsent(name.get(), at);
      if (first != null) {
        problems.add(at, "project.name: " + Quoted.word(name.get()) + " is taken at " + first);
      }
    }
    return name;
  }

  private void add(Draft draft) {
    Assignments assignments = draft.assignments();
    Optional<Path> path = assignments.read(Key.PATH);
    Optional<Path> visibleAt = assignments.read(Key.VISIBLE_AT);
    List<String> exclude = assignments.read(Key.EXCLUDE, ProjectSettings.DEFAULT_EXCLUDE);
    Optional<List<String>> variants = assignments.read(Key.VARIANTS);
    Warmth warm = assignments.read(Key.WARM, Warmth.OBSERVED);
    InvalidationMode mode = assignments.read(Key.INVALIDATION, InvalidationMode.TIMESTAMP);
    Bounds bounds =
        Bounds.read(assignments, Key.PROJECT_MAX_SIZE, Key.PROJECT_MAX_FILES, Key.PROJECT_MAX_AGE);
    if (path.isEmpty()) {
      if (!assignments.has(Key.PATH) && draft.table().complete()) {
        problems.add(draft.table().at(), "project.path: expected an absolute path, found none");
      }
      return;
    }
    Path tree = path.get();
    Origin at = assignments.origin(Key.PATH).orElseThrow();
    Origin first = places.putIfAbsent(tree, at);
    if (first != null) {
      problems.add(
          at, "project.path: " + Quoted.text(tree.toString()) + " is a project at " + first);
      return;
    }
    String name = draft.name().orElseGet(() -> defaultName(tree));
    projects.add(
        new ProjectSettings(
            name, tree, visibleAt.orElse(tree), exclude, variants, warm, mode, bounds));
  }

  /** The last component of the path, as far as a name can hold it, made unique. */
  private String defaultName(Path path) {
    Path last = path.getFileName();
    String base = last == null ? "root" : last.toString().replaceAll("[^A-Za-z0-9._-]", "-");
    String name = shortened(base, "");
    for (int i = 2; names.putIfAbsent(name, COMMAND_LINE) != null; i++) {
      name = shortened(base, "-" + i);
    }
    return name;
  }

  private static String shortened(String base, String suffix) {
    int length = Math.min(base.length(), MAX_NAME_LENGTH - suffix.length());
    return base.substring(0, length) + suffix;
  }
}
