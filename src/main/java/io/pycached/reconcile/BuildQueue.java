package io.pycached.reconcile;

import io.pycached.apply.Outcome;
import io.pycached.apply.PycWriter;
import io.pycached.policy.Build;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
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

  /** Hears what the queue does. Called by its threads, several at once. */
  public interface Listener {
    /** A file was made, or not. */
    void happened(Territory territory, Outcome outcome);

    /** All that was to be made in a pair was tried, and now it looks otherwise. */
    void finished(Territory territory, Path relative);

    /** The same, and nothing was made, but another time some of it might be. */
    void unfinished(Territory territory, Path relative);

    /** The prefix cannot be written. */
    void unwritable(IOException failure);

    /** It can be again. */
    void writable();
  }

  /** What waits in one territory, with those who wait for it. */
  private static final class Lane {
    private final Map<Path, Batch> batches = new LinkedHashMap<>();
    private final List<ReconcileListener> also = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Void>> drained = new ArrayList<>();

    /** The next pair that has something to make; nothing if all of them are being worked on. */
    Map.@Nullable Entry<Path, Batch> next() {
      for (Map.Entry<Path, Batch> entry : batches.entrySet()) {
        if (!entry.getValue().waiting.isEmpty()) {
          return entry;
        }
      }
      return null;
    }
  }

  /** What is to be made in one pair. */
  private static final class Batch {
    private final Deque<Build> waiting = new ArrayDeque<>();
    private final Set<Path> underWay = new HashSet<>();
    private boolean changed;
    private boolean left;

    boolean isDone() {
      return waiting.isEmpty() && underWay.isEmpty();
    }

    /** Adds what is not being made already; if that turns out wrong, it will be made again. */
    int add(List<Build> builds) {
      int before = waiting.size();
      for (Build build : builds) {
        if (!underWay.contains(build.name())) {
          waiting.add(build);
        }
      }
      return waiting.size() - before;
    }
  }

  /** One file for one thread. */
  private record Job(Territory territory, Path relative, Batch batch, Build build) {}

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

  /** In the order in which they get their turns. */
  private final Map<Territory, Lane> lanes = new LinkedHashMap<>();

  private int waiting;
  private int working;
  private boolean closed;
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
   * Makes {@code builds} what is to be made in the pair at {@code relative}.
   *
   * @param waits whether to wait for room
   * @return whether there was room for it
   */
  boolean offer(Territory territory, Path relative, List<Build> builds, boolean waits) {
    List<CompletableFuture<Void>> drained = List.of();
    lock.lock();
    try {
      while (waits && !closed && isTooMuch(builds)) {
        room.awaitUninterruptibly();
      }
      drop(territory, relative);
      if (builds.isEmpty() || closed || isTooMuch(builds)) {
        drained = settle(territory, relative);
        return builds.isEmpty();
      }
      waiting +=
          lanes
              .computeIfAbsent(territory, first -> new Lane())
              .batches
              .computeIfAbsent(relative, first -> new Batch())
              .add(builds);
      work.signalAll();
      return true;
    } finally {
      lock.unlock();
      drained.forEach(each -> each.complete(null));
    }
  }

  private void drop(Territory territory, Path relative) {
    Lane lane = lanes.get(territory);
    Batch batch = lane == null ? null : lane.batches.get(relative);
    if (batch != null) {
      waiting -= batch.waiting.size();
      batch.waiting.clear();
      room.signalAll();
    }
  }

  /** Forgets a pair in which nothing is left to do. Returns those who waited for that alone. */
  private List<CompletableFuture<Void>> settle(Territory territory, Path relative) {
    Lane lane = lanes.get(territory);
    if (lane == null) {
      return List.of();
    }
    Batch batch = lane.batches.get(relative);
    if (batch != null && batch.isDone()) {
      lane.batches.remove(relative);
    }
    if (!lane.batches.isEmpty()) {
      return List.of();
    }
    List<CompletableFuture<Void>> drained = List.copyOf(lane.drained);
    lane.drained.clear();
    if (lane.also.isEmpty()) {
      lanes.remove(territory);
    }
    return drained;
  }

  private boolean isTooMuch(List<Build> builds) {
    return waiting > 0 && waiting + builds.size() > MAX_WAITING;
  }

  /** Tells {@code also} of what is made in {@code territory}, until {@link #leave}. */
  public void join(Territory territory, ReconcileListener also) {
    lock.lock();
    try {
      lanes.computeIfAbsent(territory, first -> new Lane()).also.add(also);
    } finally {
      lock.unlock();
    }
  }

  /** Undoes a {@link #join}. */
  public void leave(Territory territory, ReconcileListener also) {
    lock.lock();
    try {
      Lane lane = lanes.get(territory);
      if (lane != null) {
        lane.also.remove(also);
        if (lane.also.isEmpty() && lane.batches.isEmpty()) {
          lanes.remove(territory);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** {@return completes when there is nothing to be made in {@code territory}} */
  public CompletableFuture<Void> drained(Territory territory) {
    lock.lock();
    try {
      Lane lane = lanes.get(territory);
      CompletableFuture<Void> drained = new CompletableFuture<>();
      if (lane == null || lane.batches.isEmpty()) {
        drained.complete(null);
      } else {
        lane.drained.add(drained);
      }
      return drained;
    } finally {
      lock.unlock();
    }
  }

  /** {@return how many files wait or are being made} */
  public int pending() {
    lock.lock();
    try {
      return waiting + working;
    } finally {
      lock.unlock();
    }
  }

  /** Drops what waits in territories other than {@code staying}. */
  public void retain(List<Territory> staying) {
    List<CompletableFuture<Void>> nothingToWaitFor = new ArrayList<>();
    lock.lock();
    try {
      lanes.forEach(
          (territory, lane) -> {
            if (!staying.contains(territory)) {
              lane.batches.values().forEach(batch -> waiting -= batch.waiting.size());
              lane.batches.clear();
              nothingToWaitFor.addAll(lane.drained);
            }
          });
      lanes.keySet().retainAll(staying);
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
        Job job = poll();
        if (job != null) {
          finish(job, make(job), listener);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private Outcome make(Job job) throws InterruptedException {
    try {
      return workshop.make(job.territory(), job.relative(), job.build());
    } catch (RuntimeException unforeseen) {
      // One file that trips us up must not keep the others from being made.
      Path path = job.territory().pair(job.relative()).mirror().resolve(job.build().name());
      return new Outcome.Failed(path, new IOException(unforeseen));
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
        } else if (lanes.values().stream().anyMatch(lane -> lane.next() != null)) {
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
  private @Nullable Job poll() {
    lock.lock();
    try {
      return unwritable || closed ? null : next();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Job next() {
    for (Map.Entry<Territory, Lane> entry : lanes.entrySet()) {
      Lane lane = entry.getValue();
      Map.Entry<Path, Batch> pair = lane.next();
      if (pair == null) {
        continue;
      }
      Territory territory = entry.getKey();
      Batch batch = pair.getValue();
      Build build = batch.waiting.remove();
      batch.underWay.add(build.name());
      waiting--;
      working++;
      // Its next turn comes after all others'.
      lanes.remove(territory);
      lanes.put(territory, lane);
      room.signal();
      return new Job(territory, pair.getKey(), batch, build);
    }
    return null;
  }

  private void finish(Job job, Outcome outcome, Listener listener) {
    Optional<IOException> broken =
        patient && outcome instanceof Outcome.Failed ? writer.probe() : Optional.empty();
    Batch batch = job.batch();
    List<ReconcileListener> also = List.of();
    lock.lock();
    try {
      if (broken.isPresent()) {
        unwritable = true;
        retryAt = System.nanoTime() + BACK_OFF.toNanos();
      } else {
        note(batch, outcome);
      }
      if (isCurrent(job)) {
        also = List.copyOf(lane(job).also);
      }
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
    List<CompletableFuture<Void>> drained = List.of();
    boolean pairDone = false;
    lock.lock();
    try {
      working--;
      batch.underWay.remove(job.build().name());
      if (isCurrent(job)) {
        if (broken.isPresent()) {
          batch.waiting.addFirst(job.build());
          waiting++;
        }
        pairDone = batch.isDone();
        drained = settle(job.territory(), job.relative());
      }
    } finally {
      lock.unlock();
    }
    if (pairDone && batch.changed) {
      listener.finished(job.territory(), job.relative());
    } else if (pairDone && batch.left) {
      listener.unfinished(job.territory(), job.relative());
    }
    drained.forEach(each -> each.complete(null));
  }

  /** Whether the job's territory was not dropped, to come back perhaps, meanwhile. */
  private boolean isCurrent(Job job) {
    Lane lane = lanes.get(job.territory());
    return lane != null && lane.batches.get(job.relative()) == job.batch();
  }

  private Lane lane(Job job) {
    return Objects.requireNonNull(lanes.get(job.territory()), "a lane that was just there");
  }

  /** What an interpreter refuses stays refused until the source changes, which will be noticed. */
  private static void note(Batch batch, Outcome outcome) {
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
    List<CompletableFuture<Void>> unanswered = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      lanes.values().forEach(lane -> unanswered.addAll(lane.drained));
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
