package io.pycached.watch;

import io.methvin.watcher.DirectoryChangeEvent;
import io.methvin.watcher.DirectoryChangeEvent.EventType;
import io.methvin.watcher.DirectoryChangeListener;
import io.methvin.watcher.DirectoryWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One directory-watcher on one root: the adapter around its faults.
 *
 * <p>It lives until it loses events or its loop ends, either of which it tells once; it cannot be
 * mended, only replaced. Events are passed on from its own thread.
 */
final class TreeEvents implements AutoCloseable {
  /** What the owner of a watcher must know; called from the registering or the events thread. */
  interface Owner extends ChangeMapping.Target {
    /** Events were lost: there must be a new watcher. Told at most once. */
    void lost(TreeEvents events, Throwable cause);

    /** The loop ended without being closed: its last directory is gone, or it failed. */
    void ended(TreeEvents events, @Nullable Throwable cause);

    /** Inotify's watches are used up. */
    void limitReached(TreeEvents events);

    /** The permissions of a directory that could not be read have changed. */
    void perhapsReadable(TreeEvents events);
  }

  private static final Logger LOGGER = LoggerFactory.getLogger(TreeEvents.class);

  /** Bound on the wait for the events thread, which may be in a call of the listener. */
  private static final Duration LONGEST_JOIN = Duration.ofSeconds(10);

  private final WatchedPaths paths;
  private final Owner owner;
  private final TreeRegistrar registrar;
  private final ChangeMapping mapping;
  private final AtomicBoolean lost = new AtomicBoolean();
  private volatile boolean closed;
  private @Nullable DirectoryWatcher watcher;
  private @Nullable Thread loop;

  TreeEvents(WatchedPaths paths, Owner owner) {
    this.paths = paths;
    this.owner = owner;
    this.registrar =
        new TreeRegistrar(
            paths,
            () -> closed,
            directory -> owner.dirtyTree(paths.visible(directory), DirtyReason.UNWATCHED),
            () -> owner.limitReached(this));
    this.mapping =
        new ChangeMapping(paths, path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS), owner);
  }

  /** {@return whether {@code failure} of {@link #open} means that there are no instances left} */
  static boolean isInstanceLimit(IOException failure) {
    // LinuxWatchService turns EMFILE into this text, and has no type for it.
    return String.valueOf(failure.getMessage()).contains("inotify instances");
  }

  /**
   * Registers all directories on the calling thread, then starts the events thread {@code name}. A
   * close by another thread ends the walk early.
   *
   * @throws IOException if there are no inotify instances or descriptors left, or the walk failed
   *     as a whole; nothing is held then
   */
  void open(String name) throws IOException {
    DirectoryWatcher opened =
        DirectoryWatcher.builder()
            .path(paths.realRoot())
            .fileHasher(null)
            .fileTreeVisitor(registrar)
            .listener(new Adapter())
            .build();
    watcher = opened;
    CompletableFuture<Void> done = opened.watchAsync(task -> startLoop(task, name));
    if (loop == null) {
      close();
      throw new IOException(
          "cannot watch " + paths.realRoot(), done.handle((none, failure) -> failure).join());
    }
    CompletableFuture<Void> unusedEnd = done.whenComplete((none, failure) -> ended(failure));
  }

  private void startLoop(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    loop = thread;
    thread.start();
  }

  private void ended(@Nullable Throwable failure) {
    if (!closed) {
      owner.ended(this, failure);
    }
  }

  int directories() {
    return registrar.directories();
  }

  boolean limited() {
    return registrar.limited();
  }

  Set<Path> unreadable() {
    return registrar.unreadable();
  }

  /** Stops a walk under way and passes no further event on; the rest is for {@link #close}. */
  void stop() {
    closed = true;
  }

  /**
   * Ends the watch and gives its watches and its descriptors back. The loop is never interrupted:
   * directory-watcher would leave without closing its service.
   */
  @Override
  public void close() {
    closed = true;
    if (watcher != null) {
      try {
        watcher.close();
      } catch (IOException failure) {
        LOGGER.warn("the watcher of {} did not close", paths.realRoot(), failure);
      }
    }
    Thread thread = loop;
    if (thread == null || thread == Thread.currentThread()) {
      return;
    }
    try {
      thread.join(LONGEST_JOIN.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Adapter implements DirectoryChangeListener {
    /**
     * {@code rootPath} is null after some events out of order, and {@code isDirectory} is an answer
     * from memory; only for a creation it comes from the file system.
     */
    @Override
    public void onEvent(DirectoryChangeEvent event) {
      if (closed) {
        return;
      }
      Path path = event.path();
      if (path == null || event.eventType() == EventType.OVERFLOW) {
        lose(new IOException("overflow"));
        return;
      }
      switch (event.eventType()) {
        case CREATE -> created(path, event.isDirectory());
        case MODIFY -> modified(path);
        case DELETE -> {
          registrar.deleted(path);
          mapping.deleted(path);
        }
        case OVERFLOW -> throw new AssertionError("handled above");
      }
    }

    private void created(Path path, boolean directory) {
      if (directory) {
        registrar.announced();
        mapping.directoryCreated(path);
      } else {
        mapping.fileCreated(path);
      }
    }

    private void modified(Path path) {
      if (registrar.unreadable().contains(path)) {
        owner.perhapsReadable(TreeEvents.this);
      }
      mapping.modified(path);
    }

    /** An overflow arrives here, as a NullPointerException for each directory. */
    @Override
    public void onException(Exception failure) {
      lose(failure);
    }

    private void lose(Exception cause) {
      if (!closed && lost.compareAndSet(false, true)) {
        owner.lost(TreeEvents.this, cause);
      }
    }
  }
}
