package io.pycached.daemon;

import io.pycached.apply.Outcome;
import io.pycached.reconcile.BuildQueue;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Reconciler;
import io.pycached.reconcile.Sweep;
import io.pycached.reconcile.Territory;
import io.pycached.report.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Tells the rest of the daemon what the queue of builds does. */
final class Making implements BuildQueue.Listener {
  private static final String PROBLEM = "prefix-not-writable";

  /** When a pair is looked at again in which nothing could be made. */
  private static final Duration LATER = Duration.ofMinutes(1);

  private final ReconcileListener heard;
  private final Problems problems;
  private final Reconciler reconciler;

  /**
   * @param heard is told what was made
   */
  Making(ReconcileListener heard, Problems problems, Reconciler reconciler) {
    this.heard = heard;
    this.problems = problems;
    this.reconciler = reconciler;
  }

  @Override
  public void happened(Territory territory, Outcome outcome) {
    heard.happened(territory, outcome);
  }

  @Override
  public void finished(Territory territory, Path relative) {
    reconciler.dirty(territory, relative, Sweep.Reach.DIRECTORY);
  }

  @Override
  public void unfinished(Territory territory, Path relative) {
    reconciler.dirtyAfter(territory, relative, LATER);
  }

  @Override
  public void unwritable(IOException failure) {
    problems.raise(
        PROBLEM,
        "",
        "nothing is compiled, because the prefix cannot be written: " + Failures.reason(failure));
  }

  @Override
  public void writable() {
    problems.clear(PROBLEM, "");
  }
}
