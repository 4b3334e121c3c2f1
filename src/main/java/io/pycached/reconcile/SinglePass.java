package io.pycached.reconcile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/** The reconciler's work, done once and in the foreground: what the one-shot commands run. */
public final class SinglePass {
  private final List<Territory> territories;
  private final PairReconciler reconciler;
  private final ForkJoinPool pool;

  public SinglePass(List<Territory> territories, PairReconciler reconciler, ForkJoinPool pool) {
    this.territories = territories;
    this.reconciler = reconciler.waiting();
    this.pool = pool;
  }

  /**
   * {@return what each territory looks like after everything in it was visited once}
   *
   * <p>Returns when all that is to be made was made, too; the statuses do not show that yet.
   */
  public List<TerritoryStatus> run(Mode mode, ReconcileListener listener) {
    // Otherwise nothing is made here, and what a daemon's queue makes meanwhile is not ours.
    Optional<BuildQueue> builds = reconciler.builds().filter(queue -> mode == Mode.APPLY);
    builds.ifPresent(queue -> territories.forEach(each -> queue.join(each, listener)));
    try {
      List<TerritoryStatus> statuses = new ArrayList<>();
      for (Territory territory : territories) {
        statuses.add(run(territory, mode, listener));
      }
      builds.ifPresent(queue -> territories.forEach(each -> queue.drained(each).join()));
      return statuses;
    } finally {
      builds.ifPresent(queue -> territories.forEach(each -> queue.leave(each, listener)));
    }
  }

  private TerritoryStatus run(Territory territory, Mode mode, ReconcileListener listener) {
    Catalog catalog = new Catalog();
    Path root = territory.prefix().path().getFileSystem().getPath("");
    if (mode != Mode.SURVEY && territory.warm().wantsAllObserved()) {
      // What is to be made anywhere depends on what is seen everywhere.
      new Sweep(territory, new Catalog(), reconciler, Mode.SURVEY, new ReconcileListener() {})
          .run(pool, root, Sweep.Reach.FULL);
    }
    new Sweep(territory, catalog, reconciler, mode, listener).run(pool, root, Sweep.Reach.FULL);
    return new TerritoryStatus(
        territory,
        catalog.sources(),
        catalog.pairs(),
        catalog.totals(),
        catalog.vanished(),
        Optional.of(reconciler.clock().instant()));
  }
}
