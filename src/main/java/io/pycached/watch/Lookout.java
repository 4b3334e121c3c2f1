package io.pycached.watch;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watcher that a tree has at present, and how another takes its place.
 *
 * <p>The new one is in place before the old one ends: nothing is missed in between. Where inotify's
 * limits do not allow both, the old one ends first, and the survey that follows covers the gap.
 *
 * <p>Belongs to the project's thread, but for {@link #shown} and {@link #stop}.
 */
final class Lookout {
  private static final Logger LOGGER = LoggerFactory.getLogger(Lookout.class);

  private final WatchedTree tree;
  private final TreeEvents.Owner owner;
  private final String threadName;
  private volatile @Nullable TreeEvents present;
  private volatile @Nullable TreeEvents opening;
  private volatile boolean stopping;
  private @Nullable TreeEvents former;

  /**
   * @param owner is told by every watcher
   * @param threadName of the threads of the watchers
   */
  Lookout(WatchedTree tree, TreeEvents.Owner owner, String threadName) {
    this.tree = tree;
    this.owner = owner;
    this.threadName = threadName;
  }

  /** {@return the watcher in place} */
  Optional<TreeEvents> present() {
    return Optional.ofNullable(present);
  }

  boolean isPresent(TreeEvents watcher) {
    return present == watcher;
  }

  /** {@return the watcher in place, or else the one that is being put there} */
  Optional<TreeEvents> shown() {
    TreeEvents current = present;
    return Optional.ofNullable(current == null ? opening : current);
  }

  /**
   * Puts a new watcher in place. The old one goes on until {@link #dismiss}.
   *
   * @return the new one; nothing if it was stopped meanwhile
   * @throws IOException if there cannot be one; then none is in place
   */
  Optional<TreeEvents> open() throws IOException {
    TreeEvents old = present;
    former = old;
    try {
      TreeEvents fresh = old == null ? register() : successor(old);
      if (stopping) {
        fresh.close();
        return Optional.empty();
      }
      present = fresh;
      return Optional.of(fresh);
    } catch (IOException failure) {
      present = null;
      throw failure;
    } finally {
      opening = null;
    }
  }

  private TreeEvents successor(TreeEvents old) throws IOException {
    try {
      TreeEvents fresh = register();
      if (!fresh.limited()) {
        return fresh;
      }
      fresh.close();
    } catch (IOException bothWereTooMany) {
      LOGGER.debug("no second watcher of {}", tree.root(), bothWereTooMany);
    }
    old.close();
    return register();
  }

  private TreeEvents register() throws IOException {
    TreeEvents fresh = new TreeEvents(WatchedPaths.of(tree, tree.root().toRealPath()), owner);
    opening = fresh;
    if (stopping) {
      fresh.stop();
    }
    fresh.open(threadName);
    return fresh;
  }

  /** Ends the watcher that the last {@link #open} replaced, if there was one. */
  void dismiss() {
    TreeEvents old = former;
    former = null;
    if (old != null) {
      old.close();
    }
  }

  /** Asks the thread to put no watcher in place any more, also in the midst of it. */
  void stop() {
    stopping = true;
    TreeEvents walking = opening;
    if (walking != null) {
      walking.stop();
    }
  }

  /** Ends the watcher in place, if there is one; there may be another later. */
  void end() {
    TreeEvents current = present;
    present = null;
    if (current != null) {
      current.close();
    }
  }
}
