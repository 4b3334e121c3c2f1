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
 * The watch of one project: which root it has, which watcher, and what to do when either is lost.
 *
 * <p>All of it happens on the thread {@code watch-NAME}; what other threads read is volatile. That
 * thread is the project's own because a dead mount may hold a look at its root for ever.
 */
final class ProjectWatch implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(ProjectWatch.class);

  private final WatchedTree tree;
  private final WatchSettings settings;
  private final Teller teller;
  private final InotifyLimits limits;
  private final WatchThread thread;
  private final TreeEvents.Owner owner = new Posting();
  private final CompletableFuture<Void> armed = new CompletableFuture<>();

  private final BackOff lossBackOff;
  private final Polling polling;
  private @Nullable RootIdentity root;
  private Set<Path> falselyReadable = Set.of();
  private boolean replacing;

  private volatile @Nullable TreeEvents events;
  private volatile @Nullable TreeEvents opening;
  private volatile boolean stopping;
  private volatile WatchMode mode = WatchMode.STARTING;
  private volatile @Nullable String reason;
  private final AtomicLong overflows = new AtomicLong();
  private final AtomicLong rebuilds = new AtomicLong();

  private ProjectWatch(WatchedTree tree, WatchListener listener, WatchSettings settings) {
    this.tree = tree;
    this.settings = settings;
    this.teller = new Teller(tree.project(), listener);
    this.limits = new InotifyLimits(settings.proc());
    this.polling = new Polling(limits);
    this.thread = new WatchThread("watch-" + tree.project().name());
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
    TreeEvents current = events;
    TreeEvents shown = current == null ? opening : current;
    return new WatchStatus(
        tree.project(),
        mode,
        shown == null ? 0 : shown.directories(),
        overflows.get(),
        rebuilds.get(),
        shown == null ? 0 : shown.unreadable().size(),
        Optional.ofNullable(reason));
  }

  /** Asks the thread to end, also in the midst of registering; returns at once. */
  void stop() {
    stopping = true;
    TreeEvents walking = opening;
    if (walking != null) {
      walking.stop();
    }
    thread.stop();
  }

  @Override
  public void close() {
    stop();
    thread.awaitEnd();
    closeEvents();
    armed.complete(null);
  }

  // The root.

  /** Notices that the root went, came, or is another directory than before. */
  private void checkRoot(DirtyReason whenFound) {
    if (teller.takeUnheard()) {
      teller.dirtyTree(tree.root(), DirtyReason.UNHEARD);
    }
    RootIdentity found;
    try {
      found = RootIdentity.of(tree.root());
    } catch (IOException failure) {
      if (root != null || mode == WatchMode.STARTING) {
        loseRoot(RootIdentity.explain(failure));
      }
      return;
    }
    if (root != null && !root.isSame(found)) {
      loseRoot(tree.root() + " is another directory than before");
    }
    boolean appeared = root == null;
    root = found;
    if (appeared) {
      adoptRoot(whenFound);
    }
  }

  private void loseRoot(String why) {
    root = null;
    closeEvents();
    reason = why;
    mode = WatchMode.ROOT_LOST;
    teller.dirtyTree(tree.root(), DirtyReason.ROOT_LOST);
  }

  private void adoptRoot(DirtyReason why) {
    String type;
    try {
      type = Files.getFileStore(tree.root()).type();
    } catch (IOException unknown) {
      // A root whose mount is not listed, as in a chroot: the kernel may well tell of changes.
      type = "";
    }
    if (FileSystemTypes.notifies(type)) {
      open(why);
      return;
    }
    degrade(
        Degradation.Kind.FILE_SYSTEM,
        "changes on a file system of type " + type + " are not all announced");
    teller.dirtyTree(tree.root(), why);
  }

  // The watcher.

  /**
   * Puts a new watcher in place, then has the tree surveyed, then ends the old one: nothing is
   * missed in between. Where inotify's limits do not allow both, the old one ends first, and the
   * survey covers the gap.
   */
  private void open(DirtyReason why) {
    if (polling.degradation().isPresent()) {
      closeEvents();
    }
    TreeEvents old = events;
    try {
      TreeEvents fresh = old == null ? register() : replacement(old);
      if (stopping) {
        fresh.close();
        return;
      }
      events = fresh;
      opened(fresh);
    } catch (IOException failure) {
      events = null;
      notOpened(failure);
    } finally {
      opening = null;
    }
    teller.dirtyTree(tree.root(), why);
    if (old != null) {
      old.close();
    }
  }

  private TreeEvents replacement(TreeEvents old) throws IOException {
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
    fresh.open(thread.name() + "-events");
    return fresh;
  }

  private void opened(TreeEvents fresh) {
    if (fresh.limited()) {
      degrade(Degradation.Kind.WATCHES, limits.watchesExhausted());
      return;
    }
    reason = null;
    mode = WatchMode.EVENTS;
    if (polling.leave()) {
      teller.restored();
    }
  }

  private void notOpened(IOException failure) {
    if (TreeEvents.isInstanceLimit(failure)) {
      degrade(Degradation.Kind.INSTANCES, limits.instancesExhausted());
    } else {
      degrade(Degradation.Kind.FAILED, "it cannot be watched: " + RootIdentity.explain(failure));
    }
  }

  private void closeEvents() {
    TreeEvents current = events;
    events = null;
    if (current != null) {
      current.close();
    }
  }

  /** Schedules the replacement of {@code lossy}, which no longer tells all. */
  private void replace(TreeEvents lossy) {
    if (events != lossy || replacing) {
      return;
    }
    replacing = true;
    thread.after(
        lossBackOff.next(),
        () -> {
          replacing = false;
          checkRoot(DirtyReason.ROOT_RETURNED);
          if (events == lossy) {
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
    if (events == finished) {
      LOGGER.warn("the watcher of {} ended; a new one follows", tree.root(), cause);
      replace(finished);
    }
  }

  // Polling, and what a watcher cannot read.

  private void degrade(Degradation.Kind kind, String what) {
    Degradation why =
        new Degradation(
            kind,
            "%s; %s is surveyed every %d s"
                .formatted(what, tree.root(), settings.pollInterval().toSeconds()));
    reason = why.message();
    mode = WatchMode.POLLING;
    if (polling.enter(why)) {
      teller.degraded(why);
    }
  }

  private void poll() {
    if (mode == WatchMode.POLLING) {
      if (polling.pollOrTry()) {
        open(DirtyReason.POLL);
      } else {
        teller.dirtyTree(tree.root(), DirtyReason.POLL);
      }
    }
    retryUnreadable();
  }

  /** A directory cannot be added to a watcher; if one has become readable, a new one finds it. */
  private void retryUnreadable() {
    TreeEvents current = events;
    if (current == null) {
      return;
    }
    Set<Path> readable = new HashSet<>();
    for (Path directory : current.unreadable()) {
      if (Files.isReadable(directory) && Files.isExecutable(directory)) {
        readable.add(directory);
      }
    }
    if (falselyReadable.containsAll(readable)) {
      return;
    }
    open(DirtyReason.READABLE);
    TreeEvents fresh = events;
    if (fresh != null) {
      readable.retainAll(fresh.unreadable());
      falselyReadable = readable;
    }
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
            if (events == limited && mode == WatchMode.EVENTS) {
              degrade(Degradation.Kind.WATCHES, limits.watchesExhausted());
            }
          });
    }

    @Override
    public void perhapsReadable(TreeEvents partial) {
      thread.post(ProjectWatch.this::retryUnreadable);
    }
  }
}
