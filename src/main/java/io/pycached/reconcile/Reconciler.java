package io.pycached.reconcile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The daemon's loop: takes what is dirty, when it is due, territory by territory in turn, and
 * sweeps it.
 *
 * <p>Anything may mark directories dirty, at any time, as often as it likes: marking says where to
 * look and never what to do. Two threads work, so that a long sweep of one territory does not hold
 * up a single edit in another; within a territory one sweep follows the other. Each has a pool of
 * its own: in one for both, the subtrees of the long sweep would be in front of the edit.
 */
public final class Reconciler implements AutoCloseable {
  /**
   * Directories that are taken from a territory at once, before the next territory has its turn.
   */
  private static final int MAX_BATCH = 256;

  /** A visit that is due later than this is found by a full survey anyway. */
  private static final long MAX_WAIT_SECONDS = Duration.ofDays(1).toSeconds();

  private final PairReconciler pairs;
  private final Volumes volumes;
  private final ReconcileListener listener;
  private final List<Lane> lanes;
  private final long debounceNanos;

  /** Guards everything below. Never held during a sweep. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private List<Queue> queues = List.of();
  private final List<Thread> threads = new ArrayList<>();
  private int turn;
  private boolean closed;

  /**
   * @param volumes where the roots of projects were before
   * @param listener hears of every sweep
   * @param pool for the sweeps of one thread; a second one is made for those of the other. Both are
   *     shut down with the reconciler
   * @param debounce how long a directory must be quiet before it is looked at
   */
  public Reconciler(
      PairReconciler pairs,
      Volumes volumes,
      ReconcileListener listener,
      ForkJoinPool pool,
      Duration debounce) {
    this(pairs, volumes, listener, pool, debounce, System::nanoTime);
  }

  /**
   * @param nanoTime by which the silence of its threads is measured
   */
  Reconciler(
      PairReconciler pairs,
      Volumes volumes,
      ReconcileListener listener,
      ForkJoinPool pool,
      Duration debounce,
      LongSupplier nanoTime) {
    this.pairs = pairs;
    this.volumes = volumes;
    this.listener = listener;
    this.lanes =
        List.of(
            new Lane(pool, new Heartbeat(nanoTime)),
            new Lane(new ForkJoinPool(pool.getParallelism()), new Heartbeat(nanoTime)));
    this.debounceNanos = debounce.toNanos();
  }

  /** Starts the threads. */
  public void start() {
    lock.lock();
    try {
      for (Lane each : lanes) {
        Thread thread = new Thread(() -> loop(each), "reconcile-" + (threads.size() + 1));
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes {@code territories} those that are looked after. What is known of one that stays as it
   * is, is kept.
   */
  public void territories(List<Territory> territories) {
    List<Queue> gone = new ArrayList<>();
    lock.lock();
    try {
      List<Queue> next = new ArrayList<>();
      for (Territory territory : territories) {
        Queue known = find(territory);
        Path root = territory.prefix().path().getFileSystem().getPath("");
        next.add(known == null ? new Queue(territory, root, volumes, debounceNanos) : known);
      }
      for (Queue queue : queues) {
        if (!next.contains(queue)) {
          gone.add(queue);
        }
      }
      queues = List.copyOf(next);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    pairs.builds().ifPresent(builds -> builds.retain(territories));
    volumes.retain(
        territories.stream()
            .flatMap(territory -> territory.root().stream())
            .collect(Collectors.toSet()));
    for (Queue queue : gone) {
      cancelAll(queue, queue.territory.name() + " is no longer looked after as it was");
    }
  }

  /** Notes that something happened in the directory at {@code relative}. Cheap; for any thread. */
  public void dirty(Territory territory, Path relative, Sweep.Reach reach) {
    lock.lock();
    try {
      Queue queue = find(territory);
      if (queue != null) {
        queue.dirty.mark(relative, reach, System.nanoTime());
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the directory at {@code relative} is to be looked at again, in a while. */
  public void dirtyAfter(Territory territory, Path relative, Duration wait) {
    visitAt(territory, relative, pairs.clock().instant().plus(wait));
  }

  /**
   * Sweeps {@code territory} as soon as it is its turn.
   *
   * @param also hears of this sweep, besides the reconciler's own listener when something is
   *     changed
   * @return completes with what the territory looks like then
   * @throws RejectedExecutionException if too many requests wait, or the reconciler is closed, or
   *     does not know the territory
   */
  public CompletableFuture<TerritoryStatus> request(
      Territory territory, Errand errand, ReconcileListener also) {
    CompletableFuture<TerritoryStatus> answer = new CompletableFuture<>();
    lock.lock();
    try {
      Queue queue = find(territory);
      if (closed || queue == null || queue.requests.size() >= Queue.MAX_REQUESTS) {
        throw new RejectedExecutionException(
            queue == null
                ? "no such project"
                : closed ? "shutting down" : "too many requests are waiting");
      }
      queue.requests.add(new Request(errand, also, answer));
      changed.signal();
      return answer;
    } finally {
      lock.unlock();
    }
  }

  private void answer(Queue queue, Request request, Lane lane) {
    try {
      if (request.errand().mode() == Mode.APPLY) {
        apply(queue, request, lane);
      } else {
        look(queue, request, lane);
      }
      if (lane.isClosed()) {
        throw new RejectedExecutionException("shutting down");
      }
      request.answer().complete(status(queue));
    } catch (RuntimeException failed) {
      request.answer().completeExceptionally(failed);
    }
  }

  private void apply(Queue queue, Request request, Lane lane) {
    Errand errand = request.errand();
    ReconcileListener all =
        new Both(lane.heartbeat(), scheduling(new Both(listener, request.also())));
    round(queue).run(lane.pool(), errand, all);
    reconciled(queue);
  }

  private Round round(Queue queue) {
    return new Round(queue.territory, queue.catalog, queue.restraint, pairs);
  }

  /** What has not happened must not be taught to the catalog, nor told to anyone else. */
  private void look(Queue queue, Request request, Lane lane) {
    Errand errand = request.errand();
    Catalog passing = new Catalog();
    passing.grow(errand.relative());
    new Sweep(
            queue.territory,
            passing,
            errand.policy().map(pairs::by).orElse(pairs),
            errand.mode(),
            Optional.empty(),
            new Both(lane.heartbeat(), request.also()))
        .run(lane.pool(), errand.relative(), errand.reach());
  }

  private void reconciled(Queue queue) {
    Instant now = pairs.clock().instant();
    lock.lock();
    try {
      queue.lastReconciled = Optional.of(now);
    } finally {
      lock.unlock();
    }
  }

  private TerritoryStatus status(Queue queue) {
    lock.lock();
    try {
      return queue.status();
    } finally {
      lock.unlock();
    }
  }

  private void cancelAll(Queue queue, String why) {
    List<Request> unanswered;
    lock.lock();
    try {
      unanswered = List.copyOf(queue.requests);
      queue.requests.clear();
    } finally {
      lock.unlock();
    }
    unanswered.forEach(request -> request.cancel(why));
  }

  /** {@return what is known of each territory, in their order} */
  public List<TerritoryStatus> status() {
    lock.lock();
    try {
      return queues.stream().map(Queue::status).toList();
    } finally {
      lock.unlock();
    }
  }

  /** {@return how many directories wait to be looked at} */
  public int dirtyCount() {
    lock.lock();
    try {
      long now = System.nanoTime();
      return queues.stream().mapToInt(queue -> queue.dirty.pending(now)).sum();
    } finally {
      lock.unlock();
    }
  }

  /**
   * {@return how long one of the threads has been at work without getting on with it, see {@link
   * Heartbeat}; for ever, if one is no more}
   */
  public Duration silence() {
    Duration longest = Duration.ZERO;
    for (Lane lane : lanes) {
      Duration silence = lane.heartbeat().silence();
      longest = silence.compareTo(longest) > 0 ? silence : longest;
    }
    lock.lock();
    try {
      return threads.stream().allMatch(Thread::isAlive)
          ? longest
          : ChronoUnit.FOREVER.getDuration();
    } finally {
      lock.unlock();
    }
  }

  private void loop(Lane lane) {
    while (true) {
      Queue queue;
      List<DirtySet.Visit> visits;
      Request request;
      lock.lock();
      try {
        queue = next();
        if (queue == null) {
          return;
        }
        queue.busy = true;
        request = queue.requests.poll();
        visits = request == null ? queue.dirty.takeDue(System.nanoTime(), MAX_BATCH) : List.of();
      } finally {
        lock.unlock();
      }
      try {
        lane.heartbeat().begin();
        if (request != null) {
          answer(queue, request, lane);
        } else {
          sweep(queue, visits, lane);
        }
      } finally {
        lane.heartbeat().end();
        lock.lock();
        try {
          queue.busy = false;
          changed.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }
  }

  private void sweep(Queue queue, List<DirtySet.Visit> visits, Lane lane) {
    ReconcileListener all = new Both(lane.heartbeat(), scheduling(listener));
    for (DirtySet.Visit visit : visits) {
      try {
        Errand errand = Errand.of(visit.relative(), Mode.APPLY, visit.reach());
        round(queue).run(lane.pool(), errand, all);
      } catch (RejectedExecutionException closing) {
        // The next start looks at everything.
        return;
      } catch (RuntimeException failed) {
        listener.failed(
            queue.territory, queue.territory.pair(visit.relative()), new IOException(failed));
      }
    }
    reconciled(queue);
  }

  /** Tells {@code heard} everything, and sees to it that what waits is looked at again. */
  private ReconcileListener scheduling(ReconcileListener heard) {
    return new Both(
        heard,
        new ReconcileListener() {
          @Override
          public void waits(Territory territory, Path relative, Instant due) {
            visitAt(territory, relative, due);
          }

          @Override
          public void widened(Territory territory) {
            Path root = territory.prefix().path().getFileSystem().getPath("");
            dirty(territory, root, Sweep.Reach.FULL);
          }
        });
  }

  private void visitAt(Territory territory, Path relative, Instant due) {
    Duration wait = Duration.between(pairs.clock().instant(), due);
    long nanos =
        wait.isNegative()
            ? debounceNanos
            : Math.min(wait.toSeconds() + 1, MAX_WAIT_SECONDS) * 1_000_000_000L;
    lock.lock();
    try {
      Queue queue = find(territory);
      if (queue != null) {
        queue.dirty.markAt(relative, Sweep.Reach.DIRECTORY, System.nanoTime() + nanos);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a territory that nobody works in and that has something due. Nothing if the
   * reconciler is closed.
   */
  private @Nullable Queue next() {
    while (!closed) {
      long now = System.nanoTime();
      long soonest = Long.MAX_VALUE;
      for (int i = 0; i < queues.size(); i++) {
        Queue queue = queues.get((turn + i) % queues.size());
        if (queue.busy) {
          continue;
        }
        long wait = queue.requests.isEmpty() ? queue.dirty.nextDue(now) - now : 0;
        if (wait <= 0) {
          turn = (turn + i + 1) % queues.size();
          return queue;
        }
        soonest = Math.min(soonest, wait);
      }
      try {
        changed.awaitNanos(soonest);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
    return null;
  }

  private @Nullable Queue find(Territory territory) {
    for (Queue queue : queues) {
      if (queue.territory.equals(territory)) {
        return queue;
      }
    }
    return null;
  }

  /**
   * Ends the threads. A sweep that is under way ends the directories that it is in and leaves the
   * others; its request, and those that wait, are answered with a failure.
   */
  @Override
  public void close() {
    List<Queue> all;
    lock.lock();
    try {
      closed = true;
      all = queues;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    all.forEach(queue -> cancelAll(queue, "shutting down"));
    lanes.forEach(lane -> lane.pool().shutdown());
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
