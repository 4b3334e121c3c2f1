package io.pycached.reconcile;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A territory with what is known of it and what is to be done in it. Guarded by the reconciler's
 * lock, but for the catalog.
 */
final class Queue {
  /**
   * Requests that may wait in one territory; each belongs to somebody who is waiting for the
   * answer.
   */
  static final int MAX_REQUESTS = 16;

  final Territory territory;
  final Catalog catalog = new Catalog();
  final Restraint restraint;
  final DirtySet dirty;
  final Deque<Request> requests = new ArrayDeque<>();

  /** Whether a thread is at work in the territory; there is never a second. */
  boolean busy;

  Optional<Instant> lastReconciled = Optional.empty();

  Queue(Territory territory, Path root, Volumes volumes, long debounceNanos) {
    this.territory = territory;
    this.restraint = new Restraint(territory, volumes);
    this.dirty = new DirtySet(root, debounceNanos);
  }

  TerritoryStatus status() {
    return new TerritoryStatus(
        territory,
        catalog.sources(),
        catalog.pairs(),
        catalog.totals(),
        catalog.vanished().or(restraint::replaced),
        restraint.held(),
        lastReconciled);
  }
}
