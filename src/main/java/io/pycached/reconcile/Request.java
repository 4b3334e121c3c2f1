package io.pycached.reconcile;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * A sweep that somebody waits for.
 *
 * @param also hears of it
 * @param answer what the territory looks like then
 */
record Request(Errand errand, ReconcileListener also, CompletableFuture<TerritoryStatus> answer) {

  /** Answers that nothing will come of it. */
  void cancel(String why) {
    answer.completeExceptionally(new RejectedExecutionException(why));
  }
}
