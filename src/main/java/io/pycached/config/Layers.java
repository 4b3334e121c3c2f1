package io.pycached.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The layers of the configuration, put on one another: a key is overridden, projects accumulate.
 * Owned by the thread that reads.
 */
final class Layers {

  /** Files in {@code conf.d}; more than that is not a configuration but an accident. */
  static final int MAX_FRAGMENTS = 256;

  /** The variable that sets the socket for every command, whether it reads a file or not. */
  private static final String SOCKET_VARIABLE = Key.VARIABLE_PREFIX + "SOCKET";

  private final Problems problems;
  private final Assignments assignments;
  private final List<Value.Table> projects = new ArrayList<>();

  Layers(FileSystem fileSystem, Problems problems) {
    this.problems = problems;
    this.assignments = new Assignments(fileSystem, problems);
  }

  Assignments assignments() {
    return assignments;
  }

  List<Value.Table> projects() {
    return projects;
  }

  void addFile(Path file, boolean required) {
    TomlFile.read(file, required, problems).ifPresent(this::addTable);
  }

  /** Adds the {@code *.toml} of a directory in lexical order; hidden ones are left out. */
  void addFragments(Path directory) {
    Origin at = Origin.outsideFiles(directory.toString());
    List<Path> fragments = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, Layers::isFragment)) {
      for (Path fragment : files) {
        if (fragments.size() == MAX_FRAGMENTS) {
          problems.add(at, "expected at most " + MAX_FRAGMENTS + " files, found more");
          return;
        }
        fragments.add(fragment);
      }
    } catch (NoSuchFileException e) {
      return;
    } catch (DirectoryIteratorException e) {
      problems.add(at, TomlFile.unreadable(Objects.requireNonNull(e.getCause())));
      return;
    } catch (IOException e) {
      problems.add(at, TomlFile.unreadable(e));
      return;
    }
    Collections.sort(fragments);
    fragments.forEach(fragment -> addFile(fragment, true));
  }

  private static boolean isFragment(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".toml") && !name.startsWith(".");
  }

  private void addTable(Value.Table table) {
    for (Value.Entry entry : table.entries()) {
      Optional<Key<?>> key = Key.find("", entry.key());
      if (key.isPresent()) {
        assignments.put(key.get(), entry.value());
      } else if (entry.key().equals(Key.PROJECT)) {
        addProjects(entry.value());
      } else if (!Key.isSection(entry.key())) {
        problems.add(
            entry.at(),
            entry.value() instanceof Value.Table
                ? Key.unknownTable(entry.key())
                : Key.unknown("", entry.key()));
      } else if (entry.value() instanceof Value.Table section) {
        assignments.putAll(entry.key(), section);
      } else {
        String expected = entry.key() + ": expected a table [" + entry.key() + "], found ";
        problems.add(entry.value().at(), expected + entry.value().shown());
      }
    }
  }

  private void addProjects(Value value) {
    if (!(value instanceof Value.Items items)) {
      problems.add(value.at(), "project: expected [[project]], found " + value.shown());
      return;
    }
    for (Value item : items.items()) {
      if (item instanceof Value.Table project) {
        projects.add(project);
      } else {
        problems.add(item.at(), "project: expected a table, found " + item.shown());
      }
    }
  }

  /** Adds the variables that are ours and not empty: as for Python, an empty one is not set. */
  void addEnvironment(Map<String, String> environment, Set<String> ignored) {
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      if (name.startsWith(Key.VARIABLE_PREFIX)
          && !variable.getValue().isEmpty()
          && !ignored.contains(name)) {
        addVariable(new Value.Untyped(variable.getValue(), Origin.outsideFiles(name)));
      }
    }
  }

  private void addVariable(Value.Untyped value) {
    String name = value.at().file();
    Optional<Key<?>> key =
        name.equals(SOCKET_VARIABLE)
            ? Optional.of(Key.SOCKET)
            : settable().filter(k -> k.variable().equals(name)).findFirst();
    if (key.isPresent()) {
      assignments.put(key.get(), value);
    } else if (name.startsWith(Key.VARIABLE_PREFIX + "PROJECT")) {
      problems.add(
          value.at(), "projects are set in a file or on the command line, not by a variable");
    } else {
      String hint = Spelling.hint(name, settable().map(Key::variable).toList());
      problems.add(value.at(), "unknown variable" + hint);
    }
  }

  /** The keys that a variable can set: a project has no name to nest in. */
  private static Stream<Key<?>> settable() {
    return Key.ALL.stream().filter(key -> !key.section().equals(Key.PROJECT));
  }
}
