package io.pycached.reconcile;

import io.pycached.apply.Outcome;
import io.pycached.policy.Build;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The files that are to be made, for threads that wait for work and surveys that wait for room.
 * Safe for use by any thread.
 */
final class Orders {
  /** Files that may wait; a pair beyond it is surveyed again later. */
  static final int MAX_WAITING = 50_000;

  /** Files that may wait in each territory beyond that: one that is full leaves room for others. */
  static final int SHARE = 1_000;

  /** Guards everything below. Never held while a file is made or anybody is told. */
  private final ReentrantLock lock = new ReentrantLock();

  /** There is something to make. */
  private final Condition work = lock.newCondition();

  /** Something was taken, or never will be. */
  private final Condition room = lock.newCondition();

  private final BuildLanes lanes = new BuildLanes();
  private final Outage outage = new Outage();
  private boolean closed;
  private boolean onlyReplace;

  /** Takes nothing, or again everything, that does not take the place of a file that is there. */
  void onlyReplace(boolean yes) {
    lock.lock();
    try {
      onlyReplace = yes;
    } finally {
      lock.unlock();
    }
  }

  /** See {@link BuildQueue#offer}. */
  boolean offer(Territory territory, Path relative, List<Build> offered, boolean waits) {
    List<CompletableFuture<Void>> drained = List.of();
    lock.lock();
    try {
      List<Build> builds =
          onlyReplace
              ? offered.stream().filter(build -> build.replaced().isPresent()).toList()
              : offered;
      while (waits && !closed && isTooMuch(territory, builds)) {
        room.awaitUninterruptibly();
      }
      lanes.drop(territory, relative);
      room.signalAll();
      if (builds.isEmpty() || closed || isTooMuch(territory, builds)) {
        drained = lanes.settle(territory, relative);
        return builds.isEmpty();
      }
      lanes.add(territory, relative, builds);
      work.signalAll();
      return true;
    } finally {
      lock.unlock();
      drained.forEach(each -> each.complete(null));
    }
  }

  private boolean isTooMuch(Territory territory, List<Build> builds) {
    return lanes.waiting() > 0
        && lanes.waiting() + builds.size() > MAX_WAITING
        && lanes.waiting(territory) + builds.size() > SHARE;
  }

  void join(Territory territory, ReconcileListener also) {
    lock.lock();
    try {
      lanes.join(territory, also);
    } finally {
      lock.unlock();
    }
  }

  void leave(Territory territory, ReconcileListener also) {
    lock.lock();
    try {
      lanes.leave(territory, also);
    } finally {
      lock.unlock();
    }
  }

  /** {@return completes when there is nothing to be made in {@code territory}} */
  CompletableFuture<Void> drained(Territory territory) {
    lock.lock();
    try {
      return lanes.drained(territory);
    } finally {
      lock.unlock();
    }
  }

  /** {@return how many files wait or are being made} */
  int pending() {
    lock.lock();
    try {
      return lanes.pending();
    } finally {
      lock.unlock();
    }
  }

  /** Drops what waits in territories other than {@code staying}. */
  void retain(List<Territory> staying) {
    List<CompletableFuture<Void>> nothingToWaitFor;
    lock.lock();
    try {
      nothingToWaitFor = lanes.retain(staying);
      room.signalAll();
    } finally {
      lock.unlock();
    }
    nothingToWaitFor.forEach(drained -> drained.complete(null));
  }

  /** Waits for a file to make or a prefix to look at. Returns false if there will be no more. */
  boolean awaitTurn() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        if (outage.lasts()) {
          long wait = outage.nanosToRetry(System.nanoTime());
          if (wait <= 0) {
            return true;
          }
          work.awaitNanos(wait);
        } else if (lanes.hasNext()) {
          return true;
        } else {
          work.await();
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** {@return whether it is time to look at the prefix again; of all threads one is told so} */
  boolean takeRetry() {
    lock.lock();
    try {
      return outage.takeRetry(System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next file. Nothing if others were faster, or the prefix cannot be written. */
  BuildLanes.@Nullable Job poll() {
    lock.lock();
    try {
      room.signal();
      return outage.lasts() || closed ? null : lanes.next();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes what came of a file.
   *
   * @return who else is told
   */
  List<ReconcileListener> note(BuildLanes.Job job, Outcome outcome) {
    lock.lock();
    try {
      job.batch().note(outcome);
      return lanes.also(job);
    } finally {
      lock.unlock();
    }
  }

  /** Lets nothing be made for a while: the prefix cannot be written. */
  void suspend() {
    lock.lock();
    try {
      outage.begin(System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** The prefix can be written again. */
  void resume() {
    lock.lock();
    try {
      outage.end();
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** See {@link BuildLanes#end}. */
  BuildLanes.End end(BuildLanes.Job job, boolean again) {
    lock.lock();
    try {
      return lanes.end(job, again);
    } finally {
      lock.unlock();
    }
  }

  /** Gives out no more. Who waits for anything is told that it will not come. */
  void close() {
    List<CompletableFuture<Void>> unanswered;
    lock.lock();
    try {
      closed = true;
      unanswered = lanes.unanswered();
      work.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
    unanswered.forEach(
        each -> each.completeExceptionally(new RejectedExecutionException("shutting down")));
  }
}
