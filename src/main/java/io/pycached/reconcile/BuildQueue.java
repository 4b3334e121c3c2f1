package io.pycached.reconcile;

import io.pycached.apply.Outcome;
import io.pycached.apply.PycWriter;
import io.pycached.policy.Build;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bytecode files that are to be made, and the threads that make them: one file of each
 * territory in turn, so that a storm in one does not hold up a single edit in another.
 *
 * <p>What is to be made in a pair is what its last survey said: a later offer takes the place of an
 * earlier one. While the prefix cannot be written, nothing is made.
 */
public final class BuildQueue implements AutoCloseable {
  /** Files that may wait; a pair beyond it is surveyed again later. */
  private static final int MAX_WAITING = 50_000;

  /** How long the prefix is left alone after it could not be written. */
  private static final Duration BACK_OFF = Duration.ofSeconds(5);

  /** Hears what the queue does, by itself not at all. Called by its threads, several at once. */
  public interface Listener {
    /** A file was made, or not. */
    default void happened(Territory territory, Outcome outcome) {}

    /** All that was to be made in a pair was tried, and now it looks otherwise. */
    default void finished(Territory territory, Path relative) {}

    /** The same, and nothing was made, but another time some of it might be. */
    default void unfinished(Territory territory, Path relative) {}

    /** The prefix cannot be written. */
    default void unwritable(IOException failure) {}

    /** It can be again. */
    default void writable() {}
  }

  private final Workshop workshop;
  private final PycWriter writer;
  private final boolean patient;
  private final List<Thread> threads = new ArrayList<>();

  /** Guards everything below. Never held while a file is made or a listener is told. */
  private final ReentrantLock lock = new ReentrantLock();

  /** There is something to make. */
  private final Condition work = lock.newCondition();

  /** Something was taken, or never will be. */
  private final Condition room = lock.newCondition();

  private final BuildLanes lanes = new BuildLanes();
  private boolean closed;
  private boolean onlyReplace;
  private boolean unwritable;
  private long retryAt;

  /**
   * @param patient whether to sit out a prefix that cannot be written, as a daemon does. Otherwise,
   *     what cannot be written fails
   */
  public BuildQueue(Workshop workshop, PycWriter writer, boolean patient) {
    this.workshop = workshop;
    this.writer = writer;
    this.patient = patient;
  }

  /** Makes nothing, or again everything, that does not take the place of a file that is there. */
  public void onlyReplace(boolean yes) {
    lock.lock();
    try {
      onlyReplace = yes;
    } finally {
      lock.unlock();
    }
  }

  /** Starts {@code count} threads, each of which makes one file at a time. */
  public void start(int count, Listener listener) {
    for (int i = 1; i <= count; i++) {
      Thread thread = new Thread(() -> loop(listener), "build-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** {@return who makes the files} */
  public Workshop workshop() {
    return workshop;
  }

  /**
   * Makes {@code offered} what is to be made in the pair at {@code relative}.
   *
   * @param waits whether to wait for room
   * @return whether there was room for it
   */
  boolean offer(Territory territory, Path relative, List<Build> offered, boolean waits) {
    List<CompletableFuture<Void>> drained = List.of();
    lock.lock();
    try {
      List<Build> builds =
          onlyReplace
              ? offered.stream().filter(build -> build.replaced().isPresent()).toList()
              : offered;
      while (waits && !closed && isTooMuch(builds)) {
        room.awaitUninterruptibly();
      }
      lanes.drop(territory, relative);
      room.signalAll();
      if (builds.isEmpty() || closed || isTooMuch(builds)) {
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

  private boolean isTooMuch(List<Build> builds) {
    return lanes.waiting() > 0 && lanes.waiting() + builds.size() > MAX_WAITING;
  }

  /** Tells {@code also} of what is made in {@code territory}, until {@link #leave}. */
  public void join(Territory territory, ReconcileListener also) {
    lock.lock();
    try {
      lanes.join(territory, also);
    } finally {
      lock.unlock();
    }
  }

  /** Undoes a {@link #join}. */
  public void leave(Territory territory, ReconcileListener also) {
    lock.lock();
    try {
      lanes.leave(territory, also);
    } finally {
      lock.unlock();
    }
  }

  /** {@return completes when there is nothing to be made in {@code territory}} */
  public CompletableFuture<Void> drained(Territory territory) {
    lock.lock();
    try {
      return lanes.drained(territory);
    } finally {
      lock.unlock();
    }
  }

  /** {@return how many files wait or are being made} */
  public int pending() {
    lock.lock();
    try {
      return lanes.pending();
    } finally {
      lock.unlock();
    }
  }

  /** Drops what waits in territories other than {@code staying}. */
  public void retain(List<Territory> staying) {
    List<CompletableFuture<Void>> nothingToWaitFor;
    lock.lock();
    try {
      nothingToWaitFor = lanes.retain(staying);
      room.signalAll();
    } finally {
      lock.unlock();
    }
    nothingToWaitFor.forEach(drained -> drained.complete(null));
    workshop.toolchain().retain(staying);
  }

  private void loop(Listener listener) {
    try {
      while (awaitTurn()) {
        if (isRetryDue()) {
          retry(listener);
          continue;
        }
        BuildLanes.Job job = poll();
        if (job != null) {
          finish(job, make(job), listener);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private Outcome make(BuildLanes.Job job) throws InterruptedException {
    try {
      return workshop.make(job.territory(), job.relative(), job.build());
    } catch (RuntimeException unforeseen) {
      // One file that trips us up must not keep the others from being made.
      return new Outcome.Failed(target(job), new IOException(unforeseen));
    }
  }

  /** Waits for something to do. Returns false if the queue is closed. */
  private boolean awaitTurn() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        if (unwritable) {
          long wait = retryAt - System.nanoTime();
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

  /** Whether it is time to look at the prefix again; of all threads one is told so. */
  private boolean isRetryDue() {
    lock.lock();
    try {
      long now = System.nanoTime();
      if (!unwritable || retryAt - now > 0) {
        return false;
      }
      retryAt = now + BACK_OFF.toNanos();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void retry(Listener listener) {
    Optional<IOException> broken = writer.probe();
    if (broken.isPresent()) {
      listener.unwritable(broken.get());
      return;
    }
    // Told first: who finds the prefix full again a moment later must have the last word.
    listener.writable();
    lock.lock();
    try {
      unwritable = false;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next file. Nothing if others were faster, or the prefix cannot be written. */
  private BuildLanes.@Nullable Job poll() {
    lock.lock();
    try {
      room.signal();
      return unwritable || closed ? null : lanes.next();
    } finally {
      lock.unlock();
    }
  }

  private void finish(BuildLanes.Job job, Outcome outcome, Listener listener) {
    Optional<IOException> broken = patient ? whyUnwritten(job, outcome) : Optional.empty();
    List<ReconcileListener> also;
    lock.lock();
    try {
      if (broken.isPresent()) {
        unwritable = true;
        retryAt = System.nanoTime() + BACK_OFF.toNanos();
      } else {
        note(job.batch(), outcome);
      }
      also = lanes.also(job);
    } finally {
      lock.unlock();
    }
    // Told before it counts as done: who waits for that has heard of everything then.
    if (broken.isPresent()) {
      listener.unwritable(broken.get());
    } else {
      listener.happened(job.territory(), outcome);
      also.forEach(each -> each.happened(job.territory(), outcome));
    }
    BuildLanes.End end;
    lock.lock();
    try {
      end = lanes.end(job, broken.isPresent());
    } finally {
      lock.unlock();
    }
    if (end.pairDone() && job.batch().changed) {
      listener.finished(job.territory(), job.relative());
    } else if (end.pairDone() && job.batch().left) {
      listener.unfinished(job.territory(), job.relative());
    }
    end.drained().forEach(each -> each.complete(null));
  }

  /** Why nothing at all can be written, if that may be why the bytecode was not. */
  private Optional<IOException> whyUnwritten(BuildLanes.Job job, Outcome outcome) {
    return outcome instanceof Outcome.Failed failed && failed.path().equals(target(job))
        ? writer.probe()
        : Optional.empty();
  }

  private static Path target(BuildLanes.Job job) {
    return job.territory().pair(job.relative()).mirror().resolve(job.build().name());
  }

  /** What an interpreter refuses stays refused until the source changes, which will be noticed. */
  private static void note(BuildLanes.Batch batch, Outcome outcome) {
    batch.changed |=
        outcome instanceof Outcome.Compiled
            || outcome instanceof Outcome.Adopted
            || (outcome instanceof Outcome.Skipped skipped
                && skipped.reason().equals(Workshop.SOURCE_CHANGED));
    batch.left |= outcome instanceof Outcome.Skipped || outcome instanceof Outcome.Failed;
  }

  /** Ends the threads; what they are at is given up. */
  @Override
  public void close() {
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
    threads.forEach(Thread::interrupt);
    unanswered.forEach(
        each -> each.completeExceptionally(new RejectedExecutionException("shutting down")));
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
