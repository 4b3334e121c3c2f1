package io.pycached.cli;

import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Territory;
import io.pycached.survey.Survey;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Shows on a terminal that a survey is under way, from its second second on. */
final class Progress implements ReconcileListener, AutoCloseable {
  private static final long FIRST_NANOS = 1_000_000_000L;
  private static final long STEP_NANOS = 100_000_000L;

  private final PrintWriter err;
  private final boolean shown;
  private final AtomicLong directories = new AtomicLong();
  private final AtomicLong files = new AtomicLong();
  private final AtomicLong next = new AtomicLong(System.nanoTime() + FIRST_NANOS);
  private volatile boolean drawn;

  Progress(World world) {
    this.err = world.err();
    this.shown = world.isTerminal();
  }

  @Override
  public void surveyed(Territory territory, Survey survey) {
    long seen = directories.incrementAndGet();
    long all = files.addAndGet(survey.files().size());
    long now = System.nanoTime();
    long due = next.get();
    if (shown && now - due >= 0 && next.compareAndSet(due, now + STEP_NANOS)) {
      draw(String.format(Locale.ROOT, "%,d directories, %,d files", seen, all));
    }
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
