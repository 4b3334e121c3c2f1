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
    long due = now + debounceNanos;
    long latest = now + MAX_DEBOUNCES * debounceNanos;
    Entry entry = entries.get(relative);
    if (entry == null) {
      add(relative, new Entry(reach, due, latest));
      return;
    }
    entry.reach = wider(entry.reach, reach);
    if (entry.due - due > 0) {
      entry.due = due;
      entry.latest = latest;
    } else {
      entry.due = earlier(due, entry.latest);
    }
  }

  /** Notes that {@code relative} has to be looked at, not before {@code due}. */
  void markAt(Path relative, Sweep.Reach reach, long due) {
    Entry entry = entries.get(relative);
    if (entry == null) {
      add(relative, new Entry(reach, due, due));
      return;
    }
    entry.reach = wider(entry.reach, reach);
    if (entry.due - due > 0) {
      entry.due = due;
      entry.latest = due;
    }
  }

  private void add(Path relative, Entry entry) {
    if (entries.size() < MAX_ENTRIES || relative.equals(root)) {
      entries.put(relative, entry);
    } else {
      fold(entry);
    }
  }

  /** One visit of everything, as soon and as thorough as any that it stands for would have been. */
  private void fold(Entry last) {
    long due = last.due;
    Sweep.Reach reach = wider(Sweep.Reach.TREE, last.reach);
    for (Entry entry : entries.values()) {
      due = earlier(due, entry.due);
      reach = wider(reach, entry.reach);
    }
    entries.clear();
    entries.put(root, new Entry(reach, due, due));
  }

  private static Sweep.Reach wider(Sweep.Reach one, Sweep.Reach other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static long earlier(long one, long other) {
    return one - other < 0 ? one : other;
  }

  /**
   * {@return the directories that are due, at most {@code max}, by path, none below another whose
   * visit includes it}
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
    for (Path path : due) {
      if (visits.size() == max) {
        break;
      }
      Entry entry = entries.remove(path);
      if (entry != null && visits.stream().noneMatch(visit -> includes(visit, path, entry))) {
        visits.add(new Visit(path, entry.reach));
      }
    }
    return visits;
  }

  private boolean includes(Visit visit, Path path, Entry entry) {
    return visit.reach() != Sweep.Reach.DIRECTORY
        && visit.reach().compareTo(entry.reach) >= 0
        && (visit.relative().equals(root) || path.startsWith(visit.relative()));
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

  /**
   * {@return how many directories are due as soon as they are quiet, not counting those that wait
   * for an age}
   */
  int pending(long now) {
    long soon = now + MAX_DEBOUNCES * debounceNanos;
    int pending = 0;
    for (Entry entry : entries.values()) {
      if (entry.due - soon <= 0) {
        pending++;
      }
    }
    return pending;
  }
}
