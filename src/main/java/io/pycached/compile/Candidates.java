package io.pycached.compile;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The executables that a {@link Search} comes upon, each file once, in the order in which they are
 * preferred. Reads directories and runs nothing. Belongs to one thread.
 */
final class Candidates {
  /** Executables beyond it are left out, and said to be. */
  static final int MAX_CANDIDATES = 100;

  /** The names that installers give an interpreter; {@code python3-config} is none. */
  private static final Pattern NAMES =
      Pattern.compile("python3(\\.\\d+)?[a-z]{0,3}|pypy3(\\.\\d+)?|graalpy(\\d+(\\.\\d+)?)?");

  private final Search search;
  private final Trust trust;
  private final Map<Path, Candidate> found = new LinkedHashMap<>();
  private final List<Refusal> refusals = new ArrayList<>();

  private Candidates(Search search) {
    this.search = search;
    this.trust = new Trust(search.user());
  }

  static Candidates of(Search search) {
    Candidates candidates = new Candidates(search);
    search.executables().forEach(candidates::addConfigured);
    if (search.discover()) {
      candidates.discover();
    }
    return candidates;
  }

  Collection<Candidate> found() {
    return found.values();
  }

  List<Refusal> refusals() {
    return refusals;
  }

  private void addConfigured(Path executable) {
    try {
      Path real = executable.toRealPath();
      if (!Files.isRegularFile(real) || !Files.isExecutable(real)) {
        refusals.add(new Refusal(executable, "is not an executable file"));
      } else {
        add(new Candidate(executable.toAbsolutePath(), real));
      }
    } catch (NoSuchFileException e) {
      refusals.add(new Refusal(executable, "does not exist"));
    } catch (IOException e) {
      refusals.add(new Refusal(executable, "cannot be looked at: " + e));
    }
  }

  private void discover() {
    for (Path directory : search.path()) {
      if (directory.isAbsolute() && !directory.endsWith("shims")) {
        addAllOf(directory);
      }
    }
    search.directories().forEach(this::addAllOf);
    for (Path installations : search.installations()) {
      for (Path installation : listing(installations)) {
        addAllOf(installation.resolve("bin"));
      }
    }
  }

  private void addAllOf(Path directory) {
    for (Path executable : listing(directory)) {
      if (isInterpreterName(executable) && Files.isExecutable(executable)) {
        addDiscovered(executable);
      }
    }
  }

  private void addDiscovered(Path executable) {
    try {
      Path real = executable.toRealPath();
      if (found.containsKey(real) || !Files.isRegularFile(real)) {
        return;
      }
      String objection = objection(real);
      if (objection.isEmpty()) {
        add(new Candidate(real, real));
      } else {
        refusals.add(new Refusal(executable, objection));
      }
    } catch (NoSuchFileException vanished) {
      // A link to nothing is nothing.
    } catch (IOException e) {
      refusals.add(new Refusal(executable, "cannot be looked at: " + e));
    }
  }

  /** Why an executable that nobody named is not run; empty if nothing speaks against it. */
  private String objection(Path real) throws IOException {
    // Version managers put links to themselves in the place of interpreters.
    return isInterpreterName(real) ? trust.objection(real) : "is a link to " + real;
  }

  private void add(Candidate candidate) {
    if (found.size() < MAX_CANDIDATES) {
      found.putIfAbsent(candidate.real(), candidate);
    } else if (!found.containsKey(candidate.real())) {
      refusals.add(
          new Refusal(candidate.executable(), "comes after " + MAX_CANDIDATES + " others"));
    }
  }

  private static boolean isInterpreterName(Path path) {
    return NAMES.matcher(String.valueOf(path.getFileName())).matches();
  }

  private List<Path> listing(Path directory) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException | NotDirectoryException absent) {
      return List.of();
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      refusals.add(new Refusal(directory, "cannot be listed: " + e));
    }
    entries.sort(null);
    return entries;
  }
}
