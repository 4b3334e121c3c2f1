package io.pycached.reconcile;

import java.nio.file.Path;
import java.time.InstantSource;
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
    this.reconciler = reconciler;
    this.pool = pool;
  }

  /** {@return what each territory looks like after everything in it was visited once} */
  public List<TerritoryStatus> run(Mode mode, ReconcileListener listener) {
    InstantSource clock = reconciler.clock();
    List<TerritoryStatus> statuses = new ArrayList<>();
    for (Territory territory : territories) {
      Catalog catalog = new Catalog();
      Path root = territory.prefix().path().getFileSystem().getPath("");
      new Sweep(territory, catalog, reconciler, mode, listener).run(pool, root, Sweep.Reach.FULL);
      statuses.add(
          new TerritoryStatus(
              territory,
              catalog.sources(),
              catalog.pairs(),
              catalog.totals(),
              catalog.vanished(),
              Optional.of(clock.instant())));
    }
    return statuses;
  }
}
