package io.pycached.reconcile;

import io.pycached.apply.Outcome;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Survey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long one of the reconciler's threads has been at work without getting on.
 *
 * <p>It gets on with every step of a sweep that is told to a listener: a pair that was surveyed,
 * recognised as unchanged or given up, and an action. So a survey of a million files beats all the
 * time, however long it takes, and one that waits for a file server that does not answer falls
 * silent once nothing else is left to do. A thread that waits for work is not silent: nothing is
 * due.
 *
 * <p>The thread itself says when work begins and ends; the steps come from any thread.
 */
final class Heartbeat implements ReconcileListener {
  private final LongSupplier nanoTime;
  private volatile boolean working;
  private volatile long last;

  /**
   * @param nanoTime a clock that only goes forward, as {@link System#nanoTime}
   */
  Heartbeat(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void begin() {
    beat();
    working = true;
  }

  void end() {
    working = false;
  }

  /** {@return how long nothing was got on with; zero if there is nothing to do} */
  Duration silence() {
    return working ? Duration.ofNanos(nanoTime.getAsLong() - last) : Duration.ZERO;
  }

  private void beat() {
    last = nanoTime.getAsLong();
  }

  @Override
  public void surveyed(Territory territory, Survey survey) {
    beat();
  }

  @Override
  public void unchanged(Territory territory, Path relative) {
    beat();
  }

  @Override
  public void corrected(Territory territory, Path relative) {
    beat();
  }

  @Override
  public void happened(Territory territory, Outcome outcome) {
    beat();
  }

  @Override
  public void failed(Territory territory, DirectoryPair pair, IOException failure) {
    beat();
  }
}
