package io.pycached.compile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** The workers of one interpreter. Guarded by the pool that owns it. */
final class WorkerLane {
  /** The one that was given back last is first, so that the others can be spared. */
  final Deque<Idle> idle = new ArrayDeque<>();

  /** Those that are borrowed, and since when. */
  final Map<Worker, Long> busy = new HashMap<>();

  private final long patience;

  /** Workers that live or start. */
  int places;

  /** A worker that waits for work, and since when, by {@link System#nanoTime}. */
  record Idle(Worker worker, long since) {}

  /**
   * @param patience after so many nanoseconds with one source a worker is late
   */
  WorkerLane(long patience) {
    this.patience = patience;
  }

  /** {@return how many are late} */
  int late(long now) {
    return (int) busy.values().stream().filter(since -> now - since >= patience).count();
  }

  /** {@return in how many nanoseconds the next one will be late; nothing if none will} */
  OptionalLong untilLate(long now) {
    return busy.values().stream()
        .mapToLong(since -> patience - (now - since))
        .filter(left -> left > 0)
        .min();
  }
}
