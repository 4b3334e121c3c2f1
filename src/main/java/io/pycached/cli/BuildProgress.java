package io.pycached.cli;

import io.pycached.apply.Outcome;
import io.pycached.reconcile.BuildQueue;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Territory;
import io.pycached.survey.Survey;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shows on a terminal how far a sync is, from its second second on: files made of those that are
 * known to be needed, rate, time to go and failures.
 */
final class BuildProgress implements ReconcileListener, AutoCloseable {
  private static final long FIRST_NANOS = 1_000_000_000L;
  private static final long STEP_NANOS = 100_000_000L;
  private static final int BAR = 20;

  private final PrintWriter err;
  private final boolean shown;
  private final BuildQueue queue;
  private final long start = System.nanoTime();
  private final AtomicLong directories = new AtomicLong();
  private final AtomicLong made = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong next = new AtomicLong(start + FIRST_NANOS);
  private volatile boolean drawn;

  BuildProgress(World world, BuildQueue queue) {
    this.err = world.err();
    this.shown = world.isTerminal();
    this.queue = queue;
  }

  @Override
  public void surveyed(Territory territory, Survey survey) {
    directories.incrementAndGet();
    drawIfDue();
  }

  @Override
  public void happened(Territory territory, Outcome outcome) {
    if (outcome instanceof Outcome.Compiled || outcome instanceof Outcome.Adopted) {
      made.incrementAndGet();
    } else if (outcome instanceof Outcome.Failed || outcome instanceof Outcome.Refused) {
      failed.incrementAndGet();
    }
    drawIfDue();
  }

  private void drawIfDue() {
    long now = System.nanoTime();
    long due = next.get();
    if (shown && now - due >= 0 && next.compareAndSet(due, now + STEP_NANOS)) {
      draw(line(directories.get(), made.get(), failed.get(), queue.pending(), now - start));
    }
  }

  static String line(long directories, long made, long failed, long pending, long nanos) {
    long done = made + failed;
    long all = done + pending;
    double rate = done / (nanos / 1e9);
    long filled = all == 0 ? 0 : BAR * done / all;
    String bar = "#".repeat((int) filled) + "-".repeat(BAR - (int) filled);
    String togo =
        rate == 0 ? "" : String.format(Locale.ROOT, ", %,d s to go", (long) (pending / rate));
    return String.format(
        Locale.ROOT,
        "[%s] %,d of %,d files, %,.0f/s%s, %,d failed, %,d directories seen",
        bar,
        done,
        all,
        rate,
        togo,
        failed,
        directories);
  }

  private synchronized void draw(String line) {
    drawn = true;
    err.print("\r\033[K" + line);
    err.flush();
  }

  /** Clears the line. */
  @Override
  public synchronized void close() {
    if (drawn) {
      err.print("\r\033[K");
      err.flush();
    }
  }
}
