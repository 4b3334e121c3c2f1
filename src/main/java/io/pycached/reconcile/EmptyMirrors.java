package io.pycached.reconcile;

import io.pycached.apply.Outcome;
import io.pycached.apply.Pruner;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The mirrors that a sweep leaves without a file, and that go if they turn out to be empty. Filled
 * by the sweep's threads, removed by one.
 */
final class EmptyMirrors {
  private record Candidate(Path relative, int subdirectories) {}

  private final Territory territory;
  private final Catalog catalog;
  private final Pruner pruner;
  private final Mode mode;
  private final ReconcileListener listener;
  private final ConcurrentLinkedQueue<Candidate> candidates = new ConcurrentLinkedQueue<>();

  EmptyMirrors(
      Territory territory, Catalog catalog, Pruner pruner, Mode mode, ReconcileListener listener) {
    this.territory = territory;
    this.catalog = catalog;
    this.pruner = pruner;
    this.mode = mode;
    this.listener = listener;
  }

  void add(Path relative, int subdirectories) {
    candidates.add(new Candidate(relative, subdirectories));
  }

  /** Removes those whose subdirectories have all been removed, deepest first. */
  void remove() {
    List<Candidate> deepestFirst =
        candidates.stream()
            .sorted(
                Comparator.comparingInt(
                        (Candidate candidate) -> -candidate.relative().getNameCount())
                    .thenComparing(Candidate::relative))
            .toList();
    Map<Path, Integer> removedBelow = new HashMap<>();
    for (Candidate candidate : deepestFirst) {
      Path relative = candidate.relative();
      if (relative.toString().isEmpty()
          || removedBelow.getOrDefault(relative, 0) < candidate.subdirectories()) {
        continue;
      }
      Path mirror = territory.pair(relative).mirror();
      Optional<Outcome> outcome =
          mode == Mode.APPLY
              ? pruner.removeDirectory(mirror)
              : Optional.of(new Outcome.Removed(mirror));
      outcome.ifPresent(what -> listener.happened(territory, what));
      if (outcome.isPresent() && outcome.get() instanceof Outcome.Removed) {
        removedBelow.merge(parentOf(relative), 1, Integer::sum);
        if (mode == Mode.APPLY) {
          forget(relative);
          // The parent may be empty now, and not be a part of this sweep.
          listener.waits(territory, parentOf(relative), Instant.EPOCH);
        }
      }
    }
  }

  private void forget(Path relative) {
    Node parent = catalog.find(parentOf(relative));
    Node node = catalog.find(relative);
    if (parent != null && node != null && !node.inSource) {
      catalog.remove(parent, node);
    }
  }

  private static Path parentOf(Path relative) {
    Path parent = relative.getParent();
    return parent == null ? relative.getFileSystem().getPath("") : parent;
  }
}
