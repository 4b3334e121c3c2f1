package io.pycached.reconcile;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done in the territories, and whose turn it is: that of the next one in their order
 * that has something due and in which no thread is at work.
 *
 * <p>As a listener it notes what a sweep leaves for later. Safe for use by any thread.
 */
final class Agenda implements ReconcileListener {
  /** A visit that is due later than this is found by a full survey anyway. */
  private static final long MAX_WAIT_SECONDS = Duration.ofDays(1).toSeconds();

  private final InstantSource clock;
  private final long debounceNanos;

  /** Guards everything below, and the backlogs. Never held during a sweep. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private List<Backlog> backlogs = List.of();
  private int turn;
  private boolean closed;

  /**
   * @param debounce how long a directory must be quiet before it is looked at
   */
  Agenda(InstantSource clock, Duration debounce) {
    this.clock = clock;
    this.debounceNanos = debounce.toNanos();
  }

  /**
   * Makes {@code territories} those that get turns. What is known of one that stays as it is, is
   * kept, and so is what is to be done in it; who waits for another is told that it is gone.
   *
   * @param volumes where the roots of new ones were before
   */
  void territories(List<Territory> territories, Volumes volumes) {
    List<Backlog> gone = new ArrayList<>();
    lock.lock();
    try {
      List<Backlog> next = new ArrayList<>();
      for (Territory territory : territories) {
        Backlog known = find(territory);
        next.add(known == null ? blank(territory, volumes) : known);
      }
      for (Backlog backlog : backlogs) {
        if (!next.contains(backlog)) {
          gone.add(backlog);
        }
      }
      backlogs = List.copyOf(next);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (Backlog backlog : gone) {
      String name = backlog.chart().territory().name();
      cancel(backlog, name + " is no longer looked after as it was");
    }
  }

  private Backlog blank(Territory territory, Volumes volumes) {
    return new Backlog(new Chart(territory, new Restraint(territory, volumes)), debounceNanos);
  }

  /** Notes that something happened in the directory at {@code relative} just now. */
  void dirty(Territory territory, Path relative, Sweep.Reach reach) {
    lock.lock();
    try {
      Backlog backlog = find(territory);
      if (backlog != null) {
        backlog.dirty().mark(relative, reach, System.nanoTime());
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the directory at {@code relative} is to be looked at again when it is due. */
  @Override
  public void waits(Territory territory, Path relative, Instant due) {
    Duration wait = Duration.between(clock.instant(), due);
    long nanos =
        wait.isNegative()
            ? debounceNanos
            : Math.min(wait.toSeconds() + 1, MAX_WAIT_SECONDS) * 1_000_000_000L;
    lock.lock();
    try {
      Backlog backlog = find(territory);
      if (backlog != null) {
        backlog.dirty().markAt(relative, Sweep.Reach.DIRECTORY, System.nanoTime() + nanos);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void widened(Territory territory) {
    Path root = territory.prefix().path().getFileSystem().getPath("");
    dirty(territory, root, Sweep.Reach.FULL);
  }

  /**
   * Adds a request to what is to be done in {@code territory}.
   *
   * @throws RejectedExecutionException if too many wait there, or the agenda is closed, or does not
   *     know the territory
   */
  void add(Territory territory, Request request) {
    lock.lock();
    try {
      Backlog backlog = find(territory);
      if (closed || backlog == null || backlog.isFull()) {
        throw new RejectedExecutionException(
            backlog == null
                ? "no such project"
                : closed ? "shutting down" : "too many requests are waiting");
      }
      backlog.add(request);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a territory that nobody works in and that has something due.
   *
   * @return its turn, until {@link #end}; nothing if the agenda is closed or the thread interrupted
   */
  Backlog.@Nullable Turn next() {
    lock.lock();
    try {
      while (!closed) {
        long now = System.nanoTime();
        long soonest = Long.MAX_VALUE;
        for (int i = 0; i < backlogs.size(); i++) {
          Backlog backlog = backlogs.get((turn + i) % backlogs.size());
          long wait = backlog.nanosToNext(now);
          if (wait <= 0) {
            turn = (turn + i + 1) % backlogs.size();
            return backlog.begin(now);
          }
          soonest = Math.min(soonest, wait);
        }
        changed.awaitNanos(soonest);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return null;
  }

  void end(Backlog.Turn done) {
    lock.lock();
    try {
      done.backlog().end();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** {@return what is known of each territory, in their order} */
  List<TerritoryStatus> status() {
    return backlogs().stream().map(backlog -> backlog.chart().status()).toList();
  }

  /** {@return how many directories wait to be looked at} */
  int dirtyCount() {
    lock.lock();
    try {
      long now = System.nanoTime();
      return backlogs.stream().mapToInt(backlog -> backlog.dirty().pending(now)).sum();
    } finally {
      lock.unlock();
    }
  }

  /** Gives no more turns; the requests that wait are answered with a failure. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    backlogs().forEach(backlog -> cancel(backlog, "shutting down"));
  }

  private void cancel(Backlog backlog, String why) {
    List<Request> unanswered;
    lock.lock();
    try {
      unanswered = backlog.removeRequests();
    } finally {
      lock.unlock();
    }
    unanswered.forEach(request -> request.cancel(why));
  }

  private List<Backlog> backlogs() {
    lock.lock();
    try {
      return backlogs;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Backlog find(Territory territory) {
    for (Backlog backlog : backlogs) {
      if (backlog.chart().territory().equals(territory)) {
        return backlog;
      }
    }
    return null;
  }
}
