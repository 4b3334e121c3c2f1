package io.pycached.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The first of many things in their order, and how many others there were. Which ones are kept does
 * not depend on the order in which they come, so that a report that had to leave something out is
 * still the same whatever the threads did. Safe for use by any thread.
 */
final class Foremost<T> {
  /**
   * Bound on what a report lists. A finding with its paths and its evidence takes up to 1 KiB, and
   * a report is also made inside the daemon.
   */
  static final int MOST = 100_000;

  private final int most;
  private final Comparator<? super T> order;
  private final PriorityQueue<T> lastFirst;
  private long omitted;

  Foremost(int most, Comparator<? super T> order) {
    this.most = most;
    this.order = order;
    this.lastFirst = new PriorityQueue<>(order.reversed());
  }

  synchronized void add(T thing) {
    lastFirst.add(thing);
    if (lastFirst.size() > most) {
      lastFirst.remove();
      omitted++;
    }
  }

  synchronized boolean isEmpty() {
    return lastFirst.isEmpty();
  }

  /** {@return what is kept, in order} */
  synchronized List<T> sorted() {
    List<T> sorted = new ArrayList<>(lastFirst);
    sorted.sort(order);
    return sorted;
  }

  /** {@return how many more there were} */
  synchronized long omitted() {
    return omitted;
  }
}
