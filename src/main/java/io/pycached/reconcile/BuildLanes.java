package io.pycached.reconcile;

import io.pycached.apply.Outcome;
import io.pycached.policy.Build;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is to be made, pair by pair in a lane for each territory, and whose turn it is. Guarded by
 * its owner.
 */
final class BuildLanes {

  /** In the order in which they get their turns. */
  private final Map<Territory, Lane> lanes = new LinkedHashMap<>();

  private int waiting;
  private int underWay;

  /** What is to be made in one territory, with those who wait for it. */
  private static final class Lane {
    private final Map<Path, Batch> batches = new LinkedHashMap<>();
    private final List<ReconcileListener> also = new ArrayList<>();
    private final List<CompletableFuture<Void>> drained = new ArrayList<>();
    private int waiting;

    /** The next pair that has something to make; nothing if all of it is under way. */
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
  static final class Batch {
    private final Deque<Build> waiting = new ArrayDeque<>();
    private final Set<Path> underWay = new HashSet<>();

    /** Whether the pair looks otherwise than it was surveyed. */
    private boolean changed;

    /** Whether something could not be made that another time might be. */
    private boolean left;

    /** What an interpreter refuses stays refused until the source changes, which is noticed. */
    void note(Outcome outcome) {
      changed |=
          outcome instanceof Outcome.Compiled
              || outcome instanceof Outcome.Adopted
              || (outcome instanceof Outcome.Skipped skipped
                  && skipped.reason().equals(Workshop.SOURCE_CHANGED));
      left |= outcome instanceof Outcome.Skipped || outcome instanceof Outcome.Failed;
    }

    private boolean isDone() {
      return waiting.isEmpty() && underWay.isEmpty();
    }

    /** Adds what is not being made already; if that turns out wrong, it will be made again. */
    private int add(List<Build> builds) {
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
  record Job(Territory territory, Path relative, Batch batch, Build build) {}

  /**
   * What the end of a job means.
   *
   * @param finished whether all of its pair was tried, and now it looks otherwise
   * @param unfinished whether all of it was tried, and nothing made that another time might be
   * @param drained those who waited for its territory, if nothing is left to do there
   */
  record End(boolean finished, boolean unfinished, List<CompletableFuture<Void>> drained) {}

  /** {@return how many files wait} */
  int waiting() {
    return waiting;
  }

  /** {@return how many files wait in {@code territory}} */
  int waiting(Territory territory) {
    Lane lane = lanes.get(territory);
    return lane == null ? 0 : lane.waiting;
  }

  /** {@return how many files wait or are being made} */
  int pending() {
    return waiting + underWay;
  }

  /** {@return whether there is something to make} */
  boolean hasNext() {
    return lanes.values().stream().anyMatch(lane -> lane.next() != null);
  }

  /** Adds {@code builds} to what is to be made in the pair at {@code relative}. */
  void add(Territory territory, Path relative, List<Build> builds) {
    Lane lane = lanes.computeIfAbsent(territory, first -> new Lane());
    queued(lane, lane.batches.computeIfAbsent(relative, first -> new Batch()).add(builds));
  }

  private void queued(Lane lane, int more) {
    lane.waiting += more;
    waiting += more;
  }

  /** Drops what waits in the pair at {@code relative}. */
  void drop(Territory territory, Path relative) {
    Lane lane = lanes.get(territory);
    Batch batch = lane == null ? null : lane.batches.get(relative);
    if (lane != null && batch != null) {
      queued(lane, -batch.waiting.size());
      batch.waiting.clear();
    }
  }

  /** Takes the next file: of the territory whose last turn was longest ago. */
  @Nullable Job next() {
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
      queued(lane, -1);
      underWay++;
      lanes.remove(territory);
      lanes.put(territory, lane);
      return new Job(territory, pair.getKey(), batch, build);
    }
    return null;
  }

  /** {@return who else is told of the job's outcome} */
  List<ReconcileListener> also(Job job) {
    Lane lane = current(job);
    return lane == null ? List.of() : List.copyOf(lane.also);
  }

  /**
   * Ends a job.
   *
   * @param again whether it is to be done once more, before all others of its pair
   */
  End end(Job job, boolean again) {
    Batch batch = job.batch();
    underWay--;
    batch.underWay.remove(job.build().name());
    Lane lane = current(job);
    if (lane == null) {
      return new End(false, false, List.of());
    }
    if (again) {
      batch.waiting.addFirst(job.build());
      queued(lane, 1);
    }
    boolean done = batch.isDone();
    return new End(
        done && batch.changed,
        done && batch.left && !batch.changed,
        settle(job.territory(), job.relative()));
  }

  /** The job's lane, unless its territory was dropped, to come back perhaps, meanwhile. */
  private @Nullable Lane current(Job job) {
    Lane lane = lanes.get(job.territory());
    return lane != null && lane.batches.get(job.relative()) == job.batch() ? lane : null;
  }

  /** Forgets a pair in which nothing is left to do. Returns those who waited for that alone. */
  List<CompletableFuture<Void>> settle(Territory territory, Path relative) {
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

  void join(Territory territory, ReconcileListener also) {
    lanes.computeIfAbsent(territory, first -> new Lane()).also.add(also);
  }

  void leave(Territory territory, ReconcileListener also) {
    Lane lane = lanes.get(territory);
    if (lane != null) {
      lane.also.remove(also);
      if (lane.also.isEmpty() && lane.batches.isEmpty()) {
        lanes.remove(territory);
      }
    }
  }

  /** {@return completes when there is nothing to be made in {@code territory}} */
  CompletableFuture<Void> drained(Territory territory) {
    Lane lane = lanes.get(territory);
    CompletableFuture<Void> drained = new CompletableFuture<>();
    if (lane == null || lane.batches.isEmpty()) {
      drained.complete(null);
    } else {
      lane.drained.add(drained);
    }
    return drained;
  }

  /** Drops all territories but {@code staying}. Returns those who wait for others. */
  List<CompletableFuture<Void>> retain(Collection<Territory> staying) {
    List<CompletableFuture<Void>> nothingToWaitFor = new ArrayList<>();
    lanes.forEach(
        (territory, lane) -> {
          if (!staying.contains(territory)) {
            waiting -= lane.waiting;
            nothingToWaitFor.addAll(lane.drained);
          }
        });
    lanes.keySet().retainAll(staying);
    return nothingToWaitFor;
  }

  /** {@return all who wait for anything} */
  List<CompletableFuture<Void>> unanswered() {
    return lanes.values().stream().flatMap(lane -> lane.drained.stream()).toList();
  }
}
