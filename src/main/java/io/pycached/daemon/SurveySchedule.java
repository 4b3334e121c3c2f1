package io.pycached.daemon;

import io.pycached.reconcile.Errand;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Reconciler;
import io.pycached.reconcile.Sweep;
import io.pycached.reconcile.TerritoryStatus;
import io.pycached.report.StatusReport.LastSurvey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Surveys everything at the start and then again and again: what no watch can see is found here.
 * One thread of its own.
 *
 * <p>The period is jittered by a fifth either way, so that many machines on one file server do not
 * survey in step. Most rounds trust fingerprints; each tenth reads every header.
 */
final class SurveySchedule implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SurveySchedule.class);
  private static final int READ_IN_FULL_EVERY = 10;
  private static final double JITTER = 0.2;

  /** Hears when a round is done. */
  interface Rounds {
    /**
     * A round is done.
     *
     * @param inFull whether every file was looked at
     */
    void done(Duration took, boolean inFull);
  }

  private final Reconciler reconciler;
  private final InstantSource clock;
  private final Duration period;
  private final ReconcileListener corrections;
  private final Rounds rounds;
  private final CountDownLatch first = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "survey");
  private volatile Optional<LastSurvey> last = Optional.empty();

  /**
   * @param corrections hears of the rounds after the first one: what they correct, the watch has
   *     missed
   * @param rounds hears of each round
   */
  SurveySchedule(
      Reconciler reconciler,
      InstantSource clock,
      Duration period,
      ReconcileListener corrections,
      Rounds rounds) {
    this.reconciler = reconciler;
    this.clock = clock;
    this.period = period;
    this.corrections = corrections;
    this.rounds = rounds;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** {@return whether everything has been surveyed once} */
  boolean isFirstDone() {
    return first.getCount() == 0;
  }

  Optional<LastSurvey> last() {
    return last;
  }

  private void run() {
    try {
      for (int round = 0; ; round++) {
        boolean full = round % READ_IN_FULL_EVERY == 0;
        survey(
            full ? Sweep.Reach.FULL : Sweep.Reach.TREE,
            round == 0 ? new ReconcileListener() {} : corrections);
        first.countDown();
        double jitter = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        Thread.sleep(Math.max(1, (long) (period.toMillis() * jitter)));
      }
    } catch (InterruptedException closed) {
      // The daemon stops.
    } catch (RejectedExecutionException closed) {
      log.debug("survey given up: {}", closed.getMessage());
    }
  }

  private void survey(Sweep.Reach reach, ReconcileListener listener) throws InterruptedException {
    long start = System.nanoTime();
    List<CompletableFuture<TerritoryStatus>> sweeps = new ArrayList<>();
    for (TerritoryStatus status : reconciler.status()) {
      Path root = status.territory().prefix().path().getFileSystem().getPath("");
      sweeps.add(
          reconciler.request(
              status.territory(), Errand.of(root, Mode.APPLY, reach).asScheduled(), listener));
    }
    for (CompletableFuture<TerritoryStatus> sweep : sweeps) {
      try {
        sweep.get();
      } catch (ExecutionException failed) {
        // A project that is no longer there, or a daemon that stops, is no failure.
        if (!(failed.getCause() instanceof RejectedExecutionException)) {
          log.error("a full survey failed", failed.getCause());
        }
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    last = Optional.of(new LastSurvey(clock.instant(), took));
    rounds.done(took, reach == Sweep.Reach.FULL);
  }

  /** Ends the thread. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
