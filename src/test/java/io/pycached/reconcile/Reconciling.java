package io.pycached.reconcile;

import io.pycached.apply.Pruner;
import io.pycached.layout.Project;
import io.pycached.policy.PrunePolicy;
import io.pycached.policy.WarmPolicy;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.Surveyor;
import io.pycached.survey.Voucher;
import io.pycached.testing.PycacheTree;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/**
 * What it takes to reconcile a tree.
 *
 * @param territories of the prefix, the unclaimed one last
 * @param clock the file system's
 */
record Reconciling(
    PycacheTree tree, List<Territory> territories, PrunePolicy policy, InstantSource clock) {
  static final PrunePolicy AT_ONCE = new PrunePolicy(Duration.ZERO, Duration.ZERO);
  static final PrunePolicy SLOWLY = new PrunePolicy(Duration.ofMinutes(10), Duration.ofHours(1));

  static Reconciling of(PycacheTree tree, InstantSource clock, Project... projects) {
    return new Reconciling(
        tree, Territory.of(tree.prefix(), cold(projects), Voucher.NOBODY), SLOWLY, clock);
  }

  /** Projects for which nothing is made. */
  static Map<Project, WarmPolicy> cold(Project... projects) {
    Map<Project, WarmPolicy> cold = new LinkedHashMap<>();
    for (Project project : projects) {
      cold.put(project, WarmPolicy.NONE);
    }
    return cold;
  }

  Reconciling with(PrunePolicy other) {
    return new Reconciling(tree, territories, other, clock);
  }

  PairReconciler pairs() {
    Surveyor surveyor = new Surveyor(new SourceHashes(100), BodyCheck.NEVER, clock);
    return new PairReconciler(
        surveyor,
        surveyor,
        policy,
        true,
        1,
        new Pruner(tree.prefix(), surveyor),
        Optional.empty(),
        false,
        Optional.empty(),
        clock);
  }

  /** {@return the territory of the first project} */
  Territory first() {
    return territories.get(0);
  }

  Path path(String relative) {
    return tree.root().getFileSystem().getPath(relative);
  }

  /** Sweeps the first project. */
  Heard sweep(Catalog catalog, String relative, Sweep.Reach reach, Mode mode, ForkJoinPool pool) {
    Heard heard = new Heard();
    new Sweep(first(), catalog, pairs(), mode, Optional.empty(), heard)
        .run(pool, path(relative), reach);
    return heard;
  }

  /** {@return what the first project looks like to somebody who has never seen it} */
  TerritoryStatus afresh() {
    return new SinglePass(List.of(first()), pairs())
        .run(Mode.SURVEY, new ReconcileListener() {})
        .get(0);
  }

  /** {@return what {@code catalog} knows of the first project, told as {@link #afresh} does} */
  TerritoryStatus known(Catalog catalog) {
    return new TerritoryStatus(
        first(),
        catalog.sources(),
        catalog.pairs(),
        catalog.totals(),
        catalog.vanished(),
        Optional.empty(),
        Optional.of(clock.instant()));
  }
}
