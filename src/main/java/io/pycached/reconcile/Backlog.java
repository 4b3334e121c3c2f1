package io.pycached.reconcile;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done in one territory: requests that somebody waits for, and what is dirty. Guarded
 * by the agenda's lock.
 */
final class Backlog {
  /** Requests that may wait; each belongs to somebody who is waiting for the answer. */
  static final int MAX_REQUESTS = 16;

  /** Directories that are taken at once, before the next territory has its turn. */
  private static final int MAX_BATCH = 256;

  private final Chart chart;
  private final DirtySet dirty;
  private final Deque<Request> requests = new ArrayDeque<>();

  /** Whether a thread is at work in the territory; there is never a second. */
  private boolean busy;

  Backlog(Chart chart, long debounceNanos) {
    Path root = chart.territory().prefix().path().getFileSystem().getPath("");
    this.chart = chart;
    this.dirty = new DirtySet(root, debounceNanos);
  }

  /** What one thread does before it asks again. Of requests and dirty directories, one is empty. */
  record Turn(Backlog backlog, Optional<Request> request, List<DirtySet.Visit> visits) {
    Chart chart() {
      return backlog.chart;
    }
  }

  Chart chart() {
    return chart;
  }

  DirtySet dirty() {
    return dirty;
  }

  boolean isFull() {
    return requests.size() >= MAX_REQUESTS;
  }

  void add(Request request) {
    requests.add(request);
  }

  /** {@return all requests, which do not wait here any longer} */
  List<Request> removeRequests() {
    List<Request> removed = List.copyOf(requests);
    requests.clear();
    return removed;
  }

  /** {@return in how many nanoseconds something is due; a time far off if nothing can be} */
  long nanosToNext(long now) {
    if (busy) {
      return Long.MAX_VALUE;
    }
    return requests.isEmpty() ? dirty.nextDue(now) - now : 0;
  }

  /** Takes what is due, a request before all that is dirty, until {@link #end}. */
  Turn begin(long now) {
    busy = true;
    Optional<Request> request = Optional.ofNullable(requests.poll());
    return new Turn(this, request, request.isPresent() ? List.of() : dirty.takeDue(now, MAX_BATCH));
  }

  void end() {
    busy = false;
  }
}
