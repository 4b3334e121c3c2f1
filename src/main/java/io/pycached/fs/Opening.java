package io.pycached.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one thread is opening, if anything. That thread writes it; the guard's looks at it.
 *
 * <p>It is on the way of every open, 100,000 times a second and more: so it allocates nothing,
 * takes no lock and asks for no time.
 */
final class Opening {
  private static final ThreadLocal<Opening> OWN = ThreadLocal.withInitial(OpenGuard::enlist);

  /** How many looks find the same open before anything is done about it. */
  static final int PATIENCE = 5;

  // inode(7)
  private static final int TYPE_MASK = 0170000;
  private static final int FIFO = 0010000;

  private final Thread thread = Thread.currentThread();

  /** The thread's number, which kill(1) knows it by; nothing if there is no proc(5). */
  private final String task = task();

  // The thread's own, which others may read while count is odd and stays the same.
  private @Nullable Directory parent;
  private @Nullable Path path;
  private long turns;

  /** Odd while the thread is in open(2), or close to it. */
  private volatile long count;

  // The guard's own.
  private long seen;
  private int looks;
  private int next = PATIENCE;
  private @Nullable Thread rescue;

  private static String task() {
    try {
      Path self = FileSystems.getDefault().getPath("/proc/thread-self");
      return Files.readSymbolicLink(self).getFileName().toString();
    } catch (IOException | UnsupportedOperationException none) {
      return "";
    }
  }

  /**
   * {@return the calling thread's, which is about to open {@code path}}
   *
   * @param parent the directory that {@code path} is a name in; nothing if it is a path by itself
   */
  static Opening begin(@Nullable Directory parent, Path path) {
    Opening own = OWN.get();
    own.parent = parent;
    own.path = path;
    own.turn();
    OpenGuard.awake();
    return own;
  }

  /** The calling thread has opened it, or failed to. */
  void end() {
    parent = null;
    path = null;
    turn();
  }

  private void turn() {
    turns++;
    count = turns;
  }

  /** {@return whether it will never be used again} */
  boolean isOver() {
    return !thread.isAlive();
  }

  /** {@return whether anything was opened since the last look, or is being opened} */
  boolean isInUse() {
    long now = count;
    return now != seen || isOpening(now);
  }

  private static boolean isOpening(long count) {
    return (count & 1) != 0;
  }

  /**
   * Looks whether it is the same open as the last time, and does something about one that takes too
   * long. Ever less often: it may be a disk that is slow to answer, and begins anew when it is
   * interrupted.
   */
  void look() {
    long now = count;
    if (now != seen) {
      seen = now;
      looks = 0;
      next = PATIENCE;
      return;
    }
    if (!isOpening(now)) {
      return;
    }
    looks++;
    switch (looks - next) {
      case 0 -> rescue(() -> release(now));
      case 1 -> rescue(() -> lookAgain(now));
      case 2 -> {
        rescue(() -> release(now));
        next = 2 * looks;
      }
      default -> {}
    }
  }

  /** On a thread of its own: a disk that does not answer keeps that one waiting as well. */
  private void rescue(Runnable attempt) {
    Thread last = rescue;
    if (last == null || !last.isAlive()) {
      Thread fresh = new Thread(attempt, "open-rescue");
      fresh.setDaemon(true);
      fresh.start();
      rescue = fresh;
    }
  }

  /** Opens the other side of a FIFO that has the name. */
  private void release(long expected) {
    Directory where = parent;
    Path what = path;
    VarHandle.loadLoadFence();
    if (what == null || count != expected) {
      return;
    }
    try {
      if (where != null) {
        release(where, what);
        return;
      }
      Path real = what.toRealPath();
      Path above = real.getParent();
      if (above != null) {
        try (Directory directory = Directory.openFollowing(above)) {
          release(directory, real.getFileName());
        }
      }
    } catch (IOException | ClosedDirectoryStreamException cannot) {
      // It is over meanwhile, or another attempt follows.
    }
  }

  /**
   * To open a FIFO to read and to write never waits, and lets go whoever waits at either side
   * (fifo(7)). Nothing is written. What is no FIFO is not opened, which may be a device.
   */
  private static void release(Directory directory, Path name) throws IOException {
    FileStamp stamp = directory.stamp(name);
    // The JDK tells the mode by path only. It is of this file if it has its inode.
    Map<String, Object> byPath =
        Files.readAttributes(directory.path().resolve(name), "unix:mode,fileKey", NOFOLLOW_LINKS);
    if (stamp.key().equals(byPath.get("fileKey"))
        && byPath.get("mode") instanceof Integer mode
        && (mode & TYPE_MASK) == FIFO) {
      directory.unguarded(name, READ, WRITE).close();
    }
  }

  /**
   * Makes open(2) find the file anew that has the name now: the FIFO at which the thread waits may
   * have none any more, and nobody can open its other side then.
   *
   * <p>A signal interrupts the call, which the JDK, or the kernel, begins again. SIGPIPE is one
   * that the JVM handles and does nothing about. kill(2) of a thread's number lets that thread take
   * it first, before any other of the process.
   */
  private void lookAgain(long expected) {
    if (task.isEmpty() || count != expected) {
      return;
    }
    try {
      new ProcessBuilder("sh", "-c", "kill -s PIPE \"$1\"", "sh", task)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException cannot) {
      // Another attempt follows.
    }
  }
}
