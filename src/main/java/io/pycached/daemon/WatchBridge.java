package io.pycached.daemon;

import io.pycached.layout.Project;
import io.pycached.reconcile.Atlas;
import io.pycached.reconcile.Reconciler;
import io.pycached.reconcile.Sweep;
import io.pycached.reconcile.Territory;
import io.pycached.watch.Degradation;
import io.pycached.watch.DirtyReason;
import io.pycached.watch.WatchListener;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the reconciler where the watches say to look. */
final class WatchBridge implements WatchListener {
  /** The code of the problem that a project is polled. */
  static final String PROBLEM = "watch-degraded";

  private static final Logger log = LoggerFactory.getLogger(WatchBridge.class);

  private final Reconciler reconciler;
  private final Problems problems;
  private final Project mirrors;
  private volatile List<Territory> territories;

  /**
   * @param mirrors the prefix, watched as if it were a project
   */
  WatchBridge(
      Reconciler reconciler, Problems problems, Project mirrors, List<Territory> territories) {
    this.reconciler = reconciler;
    this.mirrors = mirrors;
    this.problems = problems;
    this.territories = territories;
  }

  void territories(List<Territory> next) {
    this.territories = next;
  }

  @Override
  public void dirty(Project project, Path directory) {
    mark(project, directory, Sweep.Reach.DIRECTORY);
  }

  @Override
  public void dirtyTree(Project project, Path directory, DirtyReason reason) {
    log.debug("{}: {} below {}", project.name(), reason, directory);
    mark(project, directory, Sweep.Reach.TREE);
  }

  private void mark(Project project, Path directory, Sweep.Reach reach) {
    if (project.equals(mirrors)) {
      markMirror(directory, reach);
      return;
    }
    for (Territory territory : territories) {
      if (territory instanceof Territory.OfProject own && own.project().equals(project)) {
        reconciler.dirty(territory, project.visibleAt().relativize(directory), reach);
      }
    }
  }

  private void markMirror(Path mirror, Sweep.Reach reach) {
    Atlas.Place place = new Atlas(territories).ofMirror(mirror);
    reconciler.dirty(place.territory(), place.relative(), reach);
    if (reach == Sweep.Reach.DIRECTORY) {
      return;
    }
    for (Territory territory : territories) {
      Path root = mirror.getFileSystem().getPath("");
      if (territory.pair(root).mirror().startsWith(mirror)) {
        reconciler.dirty(territory, root, reach);
      }
    }
  }

  @Override
  public void degraded(Project project, Degradation degradation) {
    log.warn("{} is polled: {}", project.name(), degradation.message());
    problems.raise(
        PROBLEM, project.name(), project.name() + " is polled: " + degradation.message());
  }

  @Override
  public void restored(Project project) {
    log.info("{} is watched again", project.name());
    problems.clear(PROBLEM, project.name());
  }
}
