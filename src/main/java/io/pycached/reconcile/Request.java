package io.pycached.reconcile;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * A sweep that somebody waits for.
 *
 * @param relative where it starts
 * @param also hears of it
 * @param answer what the territory looks like then
 */
record Request(
    Path relative,
    Mode mode,
    Sweep.Reach reach,
    ReconcileListener also,
    CompletableFuture<TerritoryStatus> answer) {

  /** Answers that nothing will come of it. */
  void cancel(String why) {
    answer.completeExceptionally(new RejectedExecutionException(why));
  }
}
