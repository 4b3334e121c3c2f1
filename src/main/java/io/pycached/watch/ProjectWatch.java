package io.pycached.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch of one project: what to do when its root comes or goes, and when its watcher is lost.
 *
 * <p>All of it happens on the thread {@code watch-NAME}; what other threads read is volatile. That
 * thread is the project's own because a dead mount may hold a look at its root for ever.
 */
final class ProjectWatch implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(ProjectWatch.class);

  private final WatchedTree tree;
  private final WatchSettings settings;
  private final Teller teller;
  private final WatchThread thread;
  private final Root root;
  private final Standing standing;
  private final Lookout lookout;
  private final BackOff lossBackOff;
  private final CompletableFuture<Void> armed = new CompletableFuture<>();
  private final AtomicLong overflows = new AtomicLong();
  private final AtomicLong rebuilds = new AtomicLong();
  private Set<Path> falselyReadable = Set.of();
  private boolean replacing;

  private ProjectWatch(WatchedTree tree, WatchListener listener, WatchSettings settings) {
    this.tree = tree;
    this.settings = settings;
    this.teller = new Teller(tree.project(), listener);
    this.thread = new WatchThread("watch-" + tree.project().name());
    this.root = new Root(tree.root());
    this.standing = new Standing(tree, settings, teller);
    this.lookout = new Lookout(tree, new Posting(), thread.name() + "-events");
    this.lossBackOff =
        new BackOff(settings.lossDelay(), settings.firstBackOff(), settings.longestBackOff());
  }

  static ProjectWatch start(WatchedTree tree, WatchListener listener, WatchSettings settings) {
    ProjectWatch watch = new ProjectWatch(tree, listener, settings);
    watch.thread.post(
        () -> {
          watch.checkRoot(DirtyReason.STARTED);
          watch.armed.complete(null);
        });
    watch.thread.every(settings.rootCheck(), () -> watch.checkRoot(DirtyReason.ROOT_RETURNED));
    watch.thread.every(settings.pollInterval(), watch::poll);
    return watch;
  }

  CompletableFuture<Void> armed() {
    return armed.copy();
  }

  WatchStatus status() {
    Optional<TreeEvents> shown = lookout.shown();
    return new WatchStatus(
        tree.project(),
        standing.mode(),
        shown.map(TreeEvents::directories).orElse(0),
        overflows.get(),
        rebuilds.get(),
        shown.map(watcher -> watcher.unreadable().size()).orElse(0),
        standing.reason());
  }

  /** Asks the thread to end, also in the midst of registering; returns at once. */
  void stop() {
    lookout.stop();
    thread.stop();
  }

  @Override
  public void close() {
    stop();
    thread.awaitEnd();
    lookout.end();
    armed.complete(null);
  }

  /** Notices that the root went, came, or is another directory than before. */
  private void checkRoot(DirtyReason whenFound) {
    if (teller.takeUnheard()) {
      teller.dirtyTree(tree.root(), DirtyReason.UNHEARD);
    }
    Root.Change change = root.look();
    change.lost().ifPresent(this::loseRoot);
    if (change.found()) {
      adoptRoot(whenFound);
    }
  }

  private void loseRoot(String why) {
    lookout.end();
    standing.rootLost(why);
    teller.dirtyTree(tree.root(), DirtyReason.ROOT_LOST);
  }

  private void adoptRoot(DirtyReason why) {
    String type = root.fileSystemType();
    if (FileSystemTypes.notifies(type)) {
      open(why);
      return;
    }
    standing.unannounced(type);
    teller.dirtyTree(tree.root(), why);
  }

  /** Puts a new watcher in place, then has the tree surveyed, then ends the old one. */
  private void open(DirtyReason why) {
    if (standing.isDegraded()) {
      lookout.end();
    }
    try {
      Optional<TreeEvents> fresh = lookout.open();
      if (fresh.isEmpty()) {
        return;
      }
      standing.watched(fresh.get());
    } catch (IOException failure) {
      standing.unwatched(failure);
    }
    teller.dirtyTree(tree.root(), why);
    lookout.dismiss();
  }

  /** Schedules the replacement of {@code lossy}, which no longer tells all. */
  private void replace(TreeEvents lossy) {
    if (replacing || !lookout.isPresent(lossy)) {
      return;
    }
    replacing = true;
    thread.after(
        lossBackOff.next(),
        () -> {
          replacing = false;
          checkRoot(DirtyReason.ROOT_RETURNED);
          if (lookout.isPresent(lossy)) {
            rebuild();
          }
        });
  }

  private void rebuild() {
    long count = rebuilds.incrementAndGet();
    open(DirtyReason.LOST_EVENTS);
    thread.after(
        settings.longestBackOff(),
        () -> {
          if (rebuilds.get() == count && !replacing) {
            lossBackOff.reset();
          }
        });
  }

  /** The watcher's loop is over: mostly because the root was deleted. */
  private void ended(TreeEvents finished, @Nullable Throwable cause) {
    checkRoot(DirtyReason.ROOT_RETURNED);
    if (lookout.isPresent(finished)) {
      LOGGER.warn("the watcher of {} ended; a new one follows", tree.root(), cause);
      replace(finished);
    }
  }

  private void poll() {
    if (standing.mode() == WatchMode.POLLING) {
      if (standing.pollOrTry()) {
        open(DirtyReason.POLL);
      } else {
        teller.dirtyTree(tree.root(), DirtyReason.POLL);
      }
    }
    retryUnreadable();
  }

  /** A directory cannot be added to a watcher; if one has become readable, a new one finds it. */
  private void retryUnreadable() {
    Set<Path> readable = new HashSet<>();
    for (Path directory : unreadable()) {
      if (Files.isReadable(directory) && Files.isExecutable(directory)) {
        readable.add(directory);
      }
    }
    if (falselyReadable.containsAll(readable)) {
      return;
    }
    open(DirtyReason.READABLE);
    if (lookout.present().isPresent()) {
      readable.retainAll(unreadable());
      falselyReadable = readable;
    }
  }

  private Set<Path> unreadable() {
    return lookout.present().map(TreeEvents::unreadable).orElse(Set.of());
  }

  /** Passes changes on at once and brings everything else to the thread. */
  private final class Posting implements TreeEvents.Owner {
    @Override
    public void dirty(Path directory) {
      teller.dirty(directory);
    }

    @Override
    public void dirtyTree(Path directory, DirtyReason why) {
      teller.dirtyTree(directory, why);
    }

    @Override
    public void lost(TreeEvents lossy, Throwable cause) {
      overflows.incrementAndGet();
      LOGGER.debug("events of {} were lost", tree.root(), cause);
      thread.post(() -> replace(lossy));
    }

    @Override
    public void ended(TreeEvents finished, @Nullable Throwable cause) {
      thread.post(() -> ProjectWatch.this.ended(finished, cause));
    }

    @Override
    public void limitReached(TreeEvents limited) {
      thread.post(
          () -> {
            if (lookout.isPresent(limited) && standing.mode() == WatchMode.EVENTS) {
              standing.limited();
            }
          });
    }

    @Override
    public void perhapsReadable(TreeEvents partial) {
      thread.post(ProjectWatch.this::retryUnreadable);
    }
  }
}
