package io.pycached.fs;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends opens that a FIFO keeps waiting. One thread looks at what the others are opening, once a
 * second while anything is opened, and sleeps while nothing is.
 *
 * <p>It begins with the first open and is the process's: what it guards is the calls of threads,
 * whoever's they are.
 *
 * <p>What is left is a FIFO that this user may read and not write, at a name in a directory where
 * it may not write either: nothing that the JDK offers ends that. A service manager's watchdog
 * does.
 */
final class OpenGuard {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private static final Queue<Opening> OPENINGS = new ConcurrentLinkedQueue<>();

  /*
   * A thread says what it opens and then asks whether the guard sleeps; the guard says that it
   * sleeps and then asks whether anybody opens something. Both are volatile, so one of the two
   * hears of the other.
   */
  private static volatile boolean asleep;

  private static final Thread THREAD = new Thread(OpenGuard::run, "open-guard");

  static {
    THREAD.setDaemon(true);
    THREAD.start();
  }

  private OpenGuard() {}

  /** {@return that of the calling thread, which has none yet} */
  static Opening enlist() {
    Opening opening = new Opening();
    OPENINGS.add(opening);
    return opening;
  }

  /** Sees to it that the guard does not sleep. */
  static void awake() {
    if (asleep) {
      asleep = false;
      LockSupport.unpark(THREAD);
    }
  }

  private static void run() {
    while (true) {
      OPENINGS.removeIf(Opening::isOver);
      boolean inUse = false;
      for (Opening opening : OPENINGS) {
        inUse |= opening.isInUse();
        opening.look();
      }
      if (inUse) {
        LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      } else {
        sleep();
      }
    }
  }

  private static void sleep() {
    asleep = true;
    for (Opening opening : OPENINGS) {
      if (opening.isInUse()) {
        asleep = false;
        return;
      }
    }
    while (asleep) {
      LockSupport.park(OpenGuard.class);
    }
  }
}
