package io.pycached.reconcile;

import io.pycached.policy.DeletionPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/**
 * The reconciler's work, done once and in the foreground: what the one-shot commands run.
 *
 * <p>Each run has a pool of its own, and its caller only waits. Of the common pool the caller is
 * one of the threads, and whenever a worker took the first directory before it did, there was only
 * that worker.
 */
public final class SinglePass {
  private final List<Territory> territories;
  private final PairReconciler reconciler;
  private final int threads;

  /** A pass by as many threads as there are processors. */
  public SinglePass(List<Territory> territories, PairReconciler reconciler) {
    this(territories, reconciler, Runtime.getRuntime().availableProcessors());
  }

  /** A pass by so many threads: one does everything in one order. */
  SinglePass(List<Territory> territories, PairReconciler reconciler, int threads) {
    this.territories = territories;
    this.reconciler = reconciler.waiting();
    this.threads = threads;
  }

  /** {@return what each territory looks like after everything in it was visited once} */
  public List<TerritoryStatus> run(Mode mode, ReconcileListener listener) {
    return run(mode, false, listener);
  }

  /**
   * {@return what each territory looks like after everything in it was visited once}
   *
   * <p>Returns when all that is to be made was made, too; the statuses do not show that yet.
   *
   * @param confirmed see {@link Errand}
   */
  public List<TerritoryStatus> run(Mode mode, boolean confirmed, ReconcileListener listener) {
    // Otherwise nothing is made here, and what a daemon's queue makes meanwhile is not ours.
    Optional<BuildQueue> builds = reconciler.builds().filter(queue -> mode == Mode.APPLY);
    builds.ifPresent(queue -> territories.forEach(each -> queue.join(each, listener)));
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      List<TerritoryStatus> statuses = new ArrayList<>();
      for (Territory territory : territories) {
        Errand errand = Errand.of(root(territory), mode, Sweep.Reach.FULL).confirmed(confirmed);
        statuses.add(run(pool, territory, errand, listener));
      }
      builds.ifPresent(queue -> territories.forEach(each -> queue.drained(each).join()));
      return statuses;
    } finally {
      pool.shutdown();
      builds.ifPresent(queue -> territories.forEach(each -> queue.leave(each, listener)));
    }
  }

  /** Sweeps one territory by another policy than the standing one, and makes nothing. */
  public void sweep(
      Territory territory, Mode mode, Optional<DeletionPolicy> policy, ReconcileListener listener) {
    Errand errand = new Errand(root(territory), mode, Sweep.Reach.FULL, policy, false, false);
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      new Round(new Chart(territory, new Restraint(territory, new Volumes())), reconciler)
          .run(pool, errand, listener);
    } finally {
      pool.shutdown();
    }
  }

  private TerritoryStatus run(
      ForkJoinPool pool, Territory territory, Errand errand, ReconcileListener listener) {
    Restraint restraint = new Restraint(territory, new Volumes());
    if (errand.mode() != Mode.SURVEY && territory.warm().wantsAllObserved()) {
      // What is to be made anywhere depends on what is seen everywhere.
      Errand look = Errand.of(errand.relative(), Mode.SURVEY, Sweep.Reach.FULL);
      new Round(new Chart(territory, restraint), reconciler)
          .run(pool, look, new ReconcileListener() {});
    }
    Chart chart = new Chart(territory, restraint);
    new Round(chart, reconciler).run(pool, errand, listener);
    chart.reconciled(reconciler.clock().instant());
    return chart.status();
  }

  private static Path root(Territory territory) {
    return territory.prefix().path().getFileSystem().getPath("");
  }
}
