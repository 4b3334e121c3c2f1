package io.pycached.watch;

import io.methvin.watcher.visitor.FileTreeVisitor;
import io.pycached.fs.GuardedOpen;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The walk by which a watcher registers directories: it leaves out what is excluded, and what
 * cannot be registered does not end it.
 *
 * <p>directory-watcher calls it for three things, one after the other on one thread at a time:
 *
 * <ol>
 *   <li>once, to collect the directories there are. Only {@code DirectoryChangeEvent.isDirectory}
 *       needs them, which nothing here reads; the walk and its memory are saved.
 *   <li>to register the root, and each directory that is created, with all below.
 *   <li>then, for a created directory, to announce it and all below as created. One announcement is
 *       enough, since the listener is told of the whole tree.
 * </ol>
 */
final class TreeRegistrar implements FileTreeVisitor {
  /** Bound on the unreadable directories that are remembered; more are counted only. */
  private static final int MAX_UNREADABLE = 10_000;

  private final WatchedPaths paths;
  private final BooleanSupplier stopped;
  private final Consumer<Path> unwatched;
  private final Runnable limitReached;

  private final PathNumbers registered = new PathNumbers();
  private final Set<Path> unreadable = ConcurrentHashMap.newKeySet();
  private volatile int directories;
  private volatile boolean limited;
  private boolean collected;
  private boolean announced;

  /**
   * @param stopped whether to stop walking
   * @param unwatched hears of directories that could not be registered for no known reason
   * @param limitReached hears, each time, that inotify's watches are used up
   */
  TreeRegistrar(
      WatchedPaths paths,
      BooleanSupplier stopped,
      Consumer<Path> unwatched,
      Runnable limitReached) {
    this.paths = paths;
    this.stopped = stopped;
    this.unwatched = unwatched;
    this.limitReached = limitReached;
  }

  /** {@return how many directories are registered and not known to be deleted} */
  int directories() {
    return directories;
  }

  /** {@return whether a directory is unwatched because inotify's watches are used up} */
  boolean limited() {
    return limited;
  }

  /** {@return the directories that could not be read} */
  Set<Path> unreadable() {
    return unreadable;
  }

  /** The directory of this event is being announced; called from within the walk. */
  void announced() {
    announced = true;
  }

  /**
   * Something with this name was deleted. If a directory has it now, the event came late: that
   * directory was registered when it was created, or will be.
   */
  void deleted(Path path) {
    boolean known = registered.contains(path) || unreadable.contains(path);
    if (!known || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    registered.remove(path);
    directories = registered.size();
    unreadable.remove(path);
  }

  @Override
  public void recursiveVisitFiles(Path start, Callback onDirectory, Callback onFile) {
    if (!collected) {
      collected = true;
      return;
    }
    Deque<Path> pending = new ArrayDeque<>();
    pending.push(start);
    announced = false;
    while (!pending.isEmpty() && !stopped.getAsBoolean()) {
      Path found = pending.pop();
      if (paths.skips(found)) {
        continue;
      }
      Path directory = bare(found);
      try {
        // Registered before it is listed: what is created in between is either listed or told.
        onDirectory.call(directory);
        if (announced) {
          return;
        }
        registered.add(found);
        directories = registered.size();
        unreadable.remove(directory);
        pushSubdirectories(directory, pending);
      } catch (NoSuchFileException | NotDirectoryException vanished) {
        // Its parent is watched, and tells.
      } catch (AccessDeniedException denied) {
        if (unreadable.size() < MAX_UNREADABLE) {
          unreadable.add(directory);
        }
      } catch (IOException failure) {
        registrationFailed(directory, failure);
      }
    }
  }

  private void registrationFailed(Path directory, IOException failure) {
    if (isWatchLimit(failure)) {
      limited = true;
      limitReached.run();
    } else {
      unwatched.accept(directory);
    }
  }

  /**
   * An equal path of its own. One that was looked at keeps its text and the places of its names,
   * which for tens of thousands of watched directories is a fifth of the heap.
   */
  private static Path bare(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent.resolve(path.getFileName());
  }

  private static void pushSubdirectories(Path directory, Deque<Path> pending) throws IOException {
    try (DirectoryStream<Path> entries = GuardedOpen.directory(directory)) {
      for (Path entry : entries) {
        if (!isNamedLikeFile(entry) && isDirectory(entry)) {
          pending.push(entry);
        }
      }
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
  }

  /**
   * Whether sources and bytecode are called so, which most entries are: each that needs no look
   * makes the start faster. A directory of such a name stays unwatched, and is surveyed in time.
   */
  private static boolean isNamedLikeFile(Path entry) {
    String name = entry.toString();
    return name.endsWith(".py") || name.endsWith(".pyc");
  }

  /** A directory that may be listed but not searched throws here: it is unreadable as a whole. */
  private static boolean isDirectory(Path entry) throws IOException {
    try {
      return Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isDirectory();
    } catch (NoSuchFileException vanished) {
      return false;
    }
  }

  /** {@code LinuxWatchService} turns ENOSPC into this text, and has no type for it. */
  private static boolean isWatchLimit(IOException failure) {
    return String.valueOf(failure.getMessage()).contains("inotify watches");
  }
}
