package io.pycached.watch;

import io.pycached.layout.Project;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A listener that keeps what it is told. */
final class Recorder implements WatchListener {
  /** One message: a word, the directory or an empty path, and the reason or message. */
  record Told(String project, String what, Path directory, String why) {}

  private final Collection<Told> all = new ConcurrentLinkedQueue<>();

  @Override
  public void dirty(Project project, Path directory) {
    all.add(new Told(project.name(), "dirty", directory, ""));
  }

  @Override
  public void dirtyTree(Project project, Path directory, DirtyReason reason) {
    all.add(new Told(project.name(), "tree", directory, reason.name()));
  }

  @Override
  public void degraded(Project project, Degradation degradation) {
    all.add(new Told(project.name(), "degraded", Path.of(""), degradation.message()));
  }

  @Override
  public void restored(Project project) {
    all.add(new Told(project.name(), "restored", Path.of(""), ""));
  }

  List<Told> all() {
    return List.copyOf(all);
  }

  void clear() {
    all.clear();
  }

  boolean heardDirty(Path directory) {
    return all.stream().anyMatch(t -> t.what().equals("dirty") && t.directory().equals(directory));
  }

  long trees(Path directory, DirtyReason reason) {
    return all.stream()
        .filter(t -> t.what().equals("tree") && t.directory().equals(directory))
        .filter(t -> t.why().equals(reason.name()))
        .count();
  }

  /** Whether a survey of what was told would look into {@code directory}. */
  boolean covers(Path directory) {
    return all.stream()
        .anyMatch(
            t ->
                t.what().equals("tree")
                    ? directory.startsWith(t.directory())
                    : t.what().equals("dirty") && t.directory().equals(directory));
  }
}
