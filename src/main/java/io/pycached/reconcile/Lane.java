package io.pycached.reconcile;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One of the reconciler's threads, with a pool for its sweeps and a heartbeat that hears of their
 * every step. Ends with its pool.
 */
final class Lane {
  private final ForkJoinPool pool;
  private final Heartbeat heartbeat;
  private final Thread thread;

  /**
   * @param nanoTime by which its silence is measured
   * @param work what the thread does from its start to its end
   */
  Lane(String name, ForkJoinPool pool, LongSupplier nanoTime, Consumer<Lane> work) {
    this.pool = pool;
    this.heartbeat = new Heartbeat(nanoTime);
    this.thread = new Thread(() -> work.accept(this), name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  ForkJoinPool pool() {
    return pool;
  }

  Heartbeat heartbeat() {
    return heartbeat;
  }

  /**
   * {@return how long it has been at work without getting on; for ever, if the thread is no more}
   */
  Duration silence() {
    return thread.getState() == Thread.State.TERMINATED
        ? ChronoUnit.FOREVER.getDuration()
        : heartbeat.silence();
  }

  /** Has a sweep end with the directories that are under way, and lets none begin. */
  void stop() {
    pool.shutdown();
  }

  boolean isStopped() {
    return pool.isShutdown();
  }

  /** Waits for the end of the thread, or until the caller is interrupted. */
  void awaitEnd() {
    try {
      thread.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
