package io.pycached.daemon;

import io.pycached.apply.Pruner;
import io.pycached.config.ProjectSettings;
import io.pycached.config.Settings;
import io.pycached.layout.Exclusions;
import io.pycached.layout.Project;
import io.pycached.layout.PycachePrefix;
import io.pycached.policy.PrunePolicy;
import io.pycached.reconcile.Atlas;
import io.pycached.reconcile.Inquiry;
import io.pycached.reconcile.PairReconciler;
import io.pycached.reconcile.Territory;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.Surveyor;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The domain, put together for one configuration.
 *
 * @param projects in the order of the configuration
 * @param territories of the projects, and last what they leave
 * @param inquiry answers for single files
 */
public record Assembly(
    PycachePrefix prefix,
    List<Project> projects,
    List<Territory> territories,
    PairReconciler reconciler,
    Inquiry inquiry) {

  /** How many source hashes are remembered: some 200 bytes each. */
  private static final int SOURCE_HASHES = 50_000;

  /**
   * {@return the domain for {@code settings}}
   *
   * @param checkBodies whether surveys read and check bodies, too
   */
  public static Assembly of(Settings settings, boolean checkBodies, InstantSource clock) {
    return of(settings, checkBodies, clock, new SourceHashes(SOURCE_HASHES));
  }

  /** {@return the projects, and the prefix as if it were one: all that is watched} */
  List<Project> watched() {
    List<Project> all = new ArrayList<>(projects);
    all.add(mirrors());
    return all;
  }

  /** {@return the prefix as if it were a project, under a name that none can have} */
  Project mirrors() {
    Exclusions none = Exclusions.of(prefix.path().getFileSystem(), List.of());
    return new Project("(prefix)", prefix.path(), prefix.path(), none);
  }

  static Assembly of(
      Settings settings, boolean checkBodies, InstantSource clock, SourceHashes hashes) {
    PycachePrefix prefix = new PycachePrefix(settings.prefix());
    List<Project> projects = settings.projects().stream().map(Assembly::project).toList();
    List<Territory> territories = Territory.of(prefix, projects);
    PrunePolicy policy =
        new PrunePolicy(settings.limits().orphanGrace(), settings.limits().temporaryAge());
    // Whoever deletes or explains a single file looks at all of it.
    Surveyor thorough = new Surveyor(hashes, true, clock);
    Surveyor surveyor = checkBodies ? thorough : new Surveyor(hashes, false, clock);
    return new Assembly(
        prefix,
        projects,
        territories,
        new PairReconciler(surveyor, policy, new Pruner(prefix, thorough), clock),
        new Inquiry(prefix, new Atlas(territories), thorough, policy, clock));
  }

  private static Project project(ProjectSettings settings) {
    return new Project(
        settings.name(),
        settings.path(),
        settings.visibleAt(),
        Exclusions.of(settings.path().getFileSystem(), settings.exclude()));
  }
}
