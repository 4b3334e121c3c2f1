package io.pycached.admin;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets a bounded number of write requests run, and none once it is closed. */
final class WriteGate {
  /** Bound on write requests that run at once; each holds one of the few HTTP threads. */
  static final int MAX_WRITES = 2;

  private final Semaphore permits = new Semaphore(MAX_WRITES);
  private volatile boolean closed;

  /** {@return whether a write may run; if so, {@link #leave} must follow} */
  boolean enter() {
    return !closed && permits.tryAcquire();
  }

  void leave() {
    permits.release();
  }

  /** Lets nobody in any more. */
  void close() {
    closed = true;
  }

  /** {@return whether all writes have left, after waiting up to {@code patience} for it} */
  boolean awaitEmpty(Duration patience) throws InterruptedException {
    return permits.tryAcquire(MAX_WRITES, patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
