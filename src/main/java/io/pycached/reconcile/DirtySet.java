package io.pycached.reconcile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The directories of one territory that have to be looked at, and from when on.
 *
 * <p>A directory is due once it has been quiet for a while, or at the latest some time after the
 * first sign: an editor's save is several events, and a directory that is written to all the time
 * is looked at all the same. Times are {@link System#nanoTime}'s. Guarded by its owner.
 */
final class DirtySet {
  /**
   * Beyond it a storm is folded into one visit of the whole territory, which costs less than that
   * many single ones.
   */
  static final int MAX_ENTRIES = 2_048;

  /** How long a directory that is never quiet waits, in debounces. */
  static final int MAX_DEBOUNCES = 10;

  /** One directory to visit. */
  record Visit(Path relative, Sweep.Reach reach) {}

  private static final class Entry {
    private Sweep.Reach reach;
    private long due;
    private long latest;

    Entry(Sweep.Reach reach, long due, long latest) {
      this.reach = reach;
      this.due = due;
      this.latest = latest;
    }
  }

  private final Path root;
  private final long debounceNanos;
  private final Map<Path, Entry> entries = new HashMap<>();

  /**
   * @param root the empty path of the territory's file system
   */
  DirtySet(Path root, long debounceNanos) {
    this.root = root;
    this.debounceNanos = debounceNanos;
  }

  /** Notes that something happened in {@code relative} just now. */
  void mark(Path relative, Sweep.Reach reach, long now) {
    note(relative, reach, now + debounceNanos, now + MAX_DEBOUNCES * debounceNanos);
  }

  /** Notes that {@code relative} has to be looked at, not before {@code due}. */
  void markAt(Path relative, Sweep.Reach reach, long due) {
    note(relative, reach, due, due);
  }

  private void note(Path relative, Sweep.Reach reach, long due, long latest) {
    Entry entry = entries.get(relative);
    if (entry == null) {
      if (entries.size() >= MAX_ENTRIES && !relative.equals(root)) {
        fold(due);
        return;
      }
      entries.put(relative, new Entry(reach, due, latest));
      return;
    }
    if (reach.compareTo(entry.reach) > 0) {
      entry.reach = reach;
    }
    if (entry.due - due > 0) {
      entry.due = due;
      entry.latest = latest;
    } else if (entry.latest - due < 0) {
      entry.due = entry.latest;
    } else {
      entry.due = due;
    }
  }

  private void fold(long due) {
    entries.clear();
    entries.put(root, new Entry(Sweep.Reach.TREE, due, due));
  }

  /**
   * {@return the directories that are due, at most {@code max}, by path, none below another that is
   * visited with its tree}
   */
  List<Visit> takeDue(long now, int max) {
    List<Path> due = new ArrayList<>();
    entries.forEach(
        (path, entry) -> {
          if (entry.due - now <= 0) {
            due.add(path);
          }
        });
    due.sort(null);
    List<Visit> visits = new ArrayList<>();
    Visit tree = null;
    for (Path path : due) {
      if (visits.size() == max) {
        break;
      }
      Entry entry = entries.remove(path);
      if (entry == null || (tree != null && isBelow(path, tree.relative()))) {
        continue;
      }
      Visit visit = new Visit(path, entry.reach);
      visits.add(visit);
      if (entry.reach != Sweep.Reach.DIRECTORY) {
        tree = visit;
      }
    }
    return visits;
  }

  private boolean isBelow(Path path, Path tree) {
    return tree.equals(root) || path.startsWith(tree);
  }

  /** {@return when the next directory is due; a time far off if none waits} */
  long nextDue(long now) {
    long next = now + (Long.MAX_VALUE >> 1);
    for (Entry entry : entries.values()) {
      if (entry.due - next < 0) {
        next = entry.due;
      }
    }
    return next;
  }

  int size() {
    return entries.size();
  }
}
