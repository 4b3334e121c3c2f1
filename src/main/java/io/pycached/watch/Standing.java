package io.pycached.watch;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a project is watched at present, and why not better; tells the listener when polling begins
 * and when it ends.
 *
 * <p>Changed by the project's thread; mode and reason may be read by any.
 */
final class Standing {
  private final WatchedTree tree;
  private final Duration pollInterval;
  private final InotifyLimits limits;
  private final Polling polling;
  private final Teller teller;
  private volatile WatchMode mode = WatchMode.STARTING;
  private volatile @Nullable String reason;

  Standing(WatchedTree tree, WatchSettings settings, Teller teller) {
    this.tree = tree;
    this.pollInterval = settings.pollInterval();
    this.limits = new InotifyLimits(settings.proc());
    this.polling = new Polling(limits);
    this.teller = teller;
  }

  WatchMode mode() {
    return mode;
  }

  /** {@return why the mode is not {@link WatchMode#EVENTS}, for people} */
  Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /** {@return whether the project was polled when there was last a root} */
  boolean isDegraded() {
    return polling.degradation().isPresent();
  }

  /** {@return whether to try a full watch instead of the poll that is due} */
  boolean pollOrTry() {
    return polling.pollOrTry();
  }

  void rootLost(String why) {
    reason = why;
    mode = WatchMode.ROOT_LOST;
  }

  /** There is a watcher, which may not have got all the watches that it needs. */
  void watched(TreeEvents watcher) {
    if (watcher.limited()) {
      limited();
      return;
    }
    reason = null;
    mode = WatchMode.EVENTS;
    if (polling.leave()) {
      teller.restored();
    }
  }

  /** The watcher has used up inotify's watches. */
  void limited() {
    degrade(Degradation.Kind.WATCHES, limits.watchesExhausted());
  }

  /** There is no watcher. */
  void unwatched(IOException failure) {
    if (TreeEvents.isInstanceLimit(failure)) {
      degrade(Degradation.Kind.INSTANCES, limits.instancesExhausted());
    } else {
      degrade(Degradation.Kind.FAILED, "it cannot be watched: " + RootIdentity.explain(failure));
    }
  }

  /** A watcher would not be told of all changes. */
  void unannounced(String fileSystemType) {
    degrade(
        Degradation.Kind.FILE_SYSTEM,
        "changes on a file system of type " + fileSystemType + " are not all announced");
  }

  private void degrade(Degradation.Kind kind, String what) {
    Degradation why =
        new Degradation(
            kind,
            "%s; %s is surveyed every %d s".formatted(what, tree.root(), pollInterval.toSeconds()));
    reason = why.message();
    mode = WatchMode.POLLING;
    if (polling.enter(why)) {
      teller.degraded(why);
    }
  }
}
