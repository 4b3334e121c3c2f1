package io.pycached.daemon;

import io.pycached.apply.Pruner;
import io.pycached.config.ProjectSettings;
import io.pycached.config.Settings;
import io.pycached.layout.Exclusions;
import io.pycached.layout.Project;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.Variant;
import io.pycached.policy.InvalidationMode;
import io.pycached.policy.PrunePolicy;
import io.pycached.policy.WarmPolicy;
import io.pycached.policy.Warmth;
import io.pycached.reconcile.Atlas;
import io.pycached.reconcile.Inquiry;
import io.pycached.reconcile.PairReconciler;
import io.pycached.reconcile.Scrutiny;
import io.pycached.reconcile.Territory;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Disappearance;
import io.pycached.survey.KnownFiles;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.Surveyor;
import io.pycached.survey.Voucher;
import io.pycached.watch.FileSystemTypes;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
   * {@return all territories, or only those of projects}
   *
   * @param whole whether all are wanted
   * @param names of the projects that are wanted otherwise; none stands for all of them
   */
  public List<Territory> territories(boolean whole, List<String> names) {
    return whole
        ? territories
        : territories.stream()
            .filter(Territory.OfProject.class::isInstance)
            .filter(territory -> names.isEmpty() || names.contains(territory.name()))
            .toList();
  }

  /** {@return the same, with what is looked at closely audited} */
  Assembly auditing(Scrutiny scrutiny) {
    return new Assembly(prefix, projects, territories, reconciler.auditing(scrutiny), inquiry);
  }

  /** {@return the projects, and the prefix as if it were one: all that is watched} */
  List<Project> watched() {
    List<Project> all = new ArrayList<>(projects);
    all.add(mirrors());
    return all;
  }

  /** {@return the prefix as if it were a project, under a name that none can have} */
  Project mirrors() {
    Exclusions own =
        Exclusions.of(prefix.path().getFileSystem(), List.of(PycachePrefix.STATE_DIRECTORY));
    return new Project("(prefix)", prefix.path(), prefix.path(), own);
  }

  /**
   * {@return the domain for {@code settings}}
   *
   * @param bodies which a survey reads and checks, too
   * @param known what reading bytecode files told before
   * @param warming makes the bytecode that the projects should have; nothing if it is only looked
   *     at or pruned
   */
  public static Assembly of(
      Settings settings,
      BodyCheck bodies,
      InstantSource clock,
      KnownFiles known,
      Optional<Warming> warming) {
    PycachePrefix prefix = new PycachePrefix(settings.prefix());
    Map<Project, WarmPolicy> projects = new LinkedHashMap<>();
    for (ProjectSettings project : settings.projects()) {
      projects.put(project(project), warming.isPresent() ? warm(project) : WarmPolicy.NONE);
    }
    List<Territory> territories = Territory.of(prefix, projects, voucher(settings, clock));
    PrunePolicy policy =
        new PrunePolicy(
            settings.limits().orphanGrace(),
            settings.limits().temporaryAge(),
            warming.map(Warming::since).orElse(Instant.MIN));
    // Whoever deletes or explains a single file looks at all of it.
    Surveyor surveyor = new Surveyor(new SourceHashes(SOURCE_HASHES), known, bodies, clock);
    Surveyor thorough = surveyor.checking(BodyCheck.ALWAYS);
    return new Assembly(
        prefix,
        List.copyOf(projects.keySet()),
        territories,
        new PairReconciler(
            surveyor,
            surveyor.checking(BodyCheck.ONCE),
            policy,
            true,
            settings.limits().massDeletion(),
            new Pruner(prefix, thorough),
            warming.map(Warming::queue),
            false,
            Optional.empty(),
            clock),
        new Inquiry(
            prefix,
            new Atlas(territories),
            thorough,
            policy,
            warming.map(Warming::toolchain),
            clock));
  }

  /**
   * {@return the tree at {@code place} as a territory of its own} All of its sources are wanted,
   * otherwise it is as the project that it lies in, or as one with default settings. What lies in
   * it and belongs to another project is left to that: its sources may be elsewhere.
   *
   * @param named what its sources are wanted for, if not for what the project's are
   */
  Territory tree(Atlas.Place place, NamedVariants named) {
    DirectoryPair pair = place.pair();
    WarmPolicy warm = place.territory().warm();
    Exclusions exclusions =
        place.territory() instanceof Territory.OfProject around
            ? around.project().exclusions()
            : Exclusions.of(pair.directory().getFileSystem(), ProjectSettings.DEFAULT_EXCLUDE);
    Project project =
        new Project(place.territory().name(), pair.directory(), pair.visible(), exclusions);
    return new Territory.OfProject(
        project,
        new WarmPolicy(
            Warmth.ALL,
            named.variants().isEmpty() ? warm.variants() : named.variants(),
            warm.invalidation()),
        place.territory().prefix(),
        projects.stream()
            .map(Project::path)
            .filter(path -> !path.equals(pair.directory()) && path.startsWith(pair.directory()))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Where the sources of others live in containers, nothing here says that they are gone. */
  private static Voucher voucher(Settings settings, InstantSource clock) {
    return settings.unclaimed().pruneMissing() && !Container.hidesSources(settings.unclaimed())
        ? new Disappearance(
            Path.of("/proc/self/mountinfo"),
            Path.of("/etc/fstab"),
            FileSystemTypes::notifies,
            settings.limits().orphanGrace(),
            clock)
        : Voucher.NOBODY;
  }

  private static WarmPolicy warm(ProjectSettings settings) {
    return new WarmPolicy(
        switch (settings.warm()) {
          case NONE -> Warmth.NONE;
          case OBSERVED -> Warmth.OBSERVED;
          case ALL -> Warmth.ALL;
        },
        settings.variants().orElse(List.of()).stream().map(Variant::parse).toList(),
        switch (settings.invalidation()) {
          case TIMESTAMP -> InvalidationMode.TIMESTAMP;
          case CHECKED_HASH -> InvalidationMode.CHECKED_HASH;
          case UNCHECKED_HASH -> InvalidationMode.UNCHECKED_HASH;
        });
  }

  private static Project project(ProjectSettings settings) {
    return new Project(
        settings.name(),
        settings.path(),
        settings.visibleAt(),
        Exclusions.of(settings.path().getFileSystem(), settings.exclude()));
  }
}
