package io.pycached.reconcile;

import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountedCompleter;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.jspecify.annotations.Nullable;

/**
 * The way of one thread through a tree of directory pairs.
 *
 * <p>It goes depth first with the directories above it held open, so that each child is opened
 * relative to its parent; when other threads have nothing to do it hands them subtrees. The same
 * way it gets rid of what lies deeper than it may hold descriptors, to be opened from the root
 * down. When the pool is shut down, it ends with the pair that it is in.
 */
final class Walk extends CountedCompleter<Void> {
  private static final long serialVersionUID = 1L;

  /**
   * How deep a thread holds directories open; two descriptors a side and level, well below the
   * usual limit of 1,024.
   */
  private static final int MAX_HELD = 32;

  /** What is done in each pair. Called by all threads of the walk, once a pair. */
  @FunctionalInterface
  interface Visitor {
    /** {@return the children of {@code node} that are to be visited next} */
    List<Node> visit(Node node, OpenPair pair, Sweep.Reach reach);
  }

  private final transient Territory territory;
  private final transient Visitor visitor;
  private final transient ReconcileListener listener;
  private final transient Node node;
  private final transient Path path;
  private final Sweep.Reach reach;
  private final transient @Nullable OpenPair opened;

  /**
   * @param listener hears of what could not be opened
   * @param path where it starts, and {@code node} what is known there
   */
  Walk(
      Territory territory,
      Visitor visitor,
      ReconcileListener listener,
      Node node,
      Path path,
      Sweep.Reach reach) {
    this.territory = territory;
    this.visitor = visitor;
    this.listener = listener;
    this.node = node;
    this.path = path;
    this.reach = reach;
    this.opened = null;
  }

  /**
   * A part of {@code parent} for another thread.
   *
   * @param opened the pair at {@code path}, which this walk closes; nothing if it has to be looked
   *     up from the root down
   */
  private Walk(Walk parent, Node node, Path path, Sweep.Reach reach, @Nullable OpenPair opened) {
    super(parent);
    this.territory = parent.territory;
    this.visitor = parent.visitor;
    this.listener = parent.listener;
    this.node = node;
    this.path = path;
    this.reach = reach;
    this.opened = opened;
  }

  @Override
  public void compute() {
    try (OpenPair own = opened == null ? OpenPair.at(territory, path) : opened) {
      walk(node, own, reach, 0);
    } catch (IOException failed) {
      listener.failed(territory, territory.pair(path), failed);
    } catch (RuntimeException unforeseen) {
      listener.failed(territory, territory.pair(path), new IOException(unforeseen));
    }
    tryComplete();
  }

  private void walk(Node at, OpenPair pair, Sweep.Reach how, int held) {
    List<Node> children = visitor.visit(at, pair, how);
    Sweep.Reach below = how == Sweep.Reach.DIRECTORY ? Sweep.Reach.TREE : how;
    for (Node child : children) {
      if (isAbandoned()) {
        return;
      }
      descend(child, pair, below, held + 1);
    }
  }

  private void descend(Node child, OpenPair parent, Sweep.Reach how, int held) {
    Path name = RawPath.toPath(path.getFileSystem(), child.name);
    if (held > MAX_HELD) {
      fork(new Walk(this, child, parent.path().resolve(name), how, null));
      return;
    }
    OpenPair pair = parent.child(name, child.inMirror);
    try {
      if (getQueuedTaskCount() == 0) {
        fork(new Walk(this, child, pair.path(), how, pair.detached()));
        return;
      }
      wakeUp();
      try (pair) {
        walk(child, pair, how, held);
      }
    } catch (IOException failed) {
      listener.failed(territory, pair.pair(), failed);
    }
  }

  /**
   * Sees to it that a thread that has nothing to do takes what this one has for it. Java 17's pool
   * wakes one up when the first task is queued, and not again if that one has fallen asleep at just
   * that moment.
   */
  private static void wakeUp() {
    ForkJoinPool pool = getPool();
    if (pool != null && pool.getActiveThreadCount() < pool.getParallelism()) {
      ForkJoinTask<?> waiting = pollNextLocalTask();
      if (waiting != null) {
        waiting.fork();
      }
    }
  }

  private void fork(Walk part) {
    addToPendingCount(1);
    part.fork();
  }

  private boolean isAbandoned() {
    ForkJoinPool pool = getPool();
    return pool != null && pool.isShutdown();
  }
}
