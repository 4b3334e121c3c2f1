package io.pycached.reconcile;

import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/**
 * Goes through a territory with {@link Restraint}, and brings its chart up to date.
 *
 * <p>As long as the whole of it has not been seen, nobody can say whether its orphans are many: the
 * first sweep leaves them, and a second one, which reads next to nothing, takes them.
 */
record Round(Chart chart, PairReconciler pairs) {

  /** Carries out {@code errand}, and returns when all is done. */
  void run(ForkJoinPool pool, Errand errand, ReconcileListener listener) {
    if (!errand.isWhole()) {
      sweep(pool, errand, errand.mode(), errand.reach(), listener);
      return;
    }
    chart.restraint().begin(errand.scheduled());
    if (errand.mode() == Mode.DRY_RUN) {
      // What would happen is told once, and by then it must be known.
      sweep(pool, errand, Mode.SURVEY, errand.reach(), new ReconcileListener() {});
      end();
      sweep(pool, errand, Mode.DRY_RUN, errand.reach(), listener);
      return;
    }
    sweep(pool, errand, errand.mode(), errand.reach(), listener);
    if (end()) {
      sweep(pool, errand, errand.mode(), Sweep.Reach.TREE, listener);
      end();
    }
  }

  private boolean end() {
    return chart.restraint().end(chart.catalog().totals(), pairs.mostAtOnce());
  }

  private void sweep(
      ForkJoinPool pool, Errand errand, Mode mode, Sweep.Reach reach, ReconcileListener listener) {
    boolean all =
        errand.confirmed()
            || errand.policy().isPresent()
            || chart.territory() instanceof Territory.Unclaimed;
    new Sweep(
            chart.territory(),
            chart.catalog(),
            errand.policy().map(pairs::by).orElse(pairs),
            mode,
            all ? Optional.empty() : Optional.of(chart.restraint()),
            listener)
        .run(pool, errand.relative(), reach);
  }
}
