package io.pycached.reconcile;

import java.util.concurrent.ForkJoinPool;

/**
 * What one of the reconciler's threads works with.
 *
 * @param pool for its sweeps; shut down, it has a sweep end with the directories that are under way
 * @param heartbeat hears of every step
 */
record Lane(ForkJoinPool pool, Heartbeat heartbeat) {
  /** {@return whether nothing new is to be begun} */
  boolean isClosed() {
    return pool.isShutdown();
  }
}
