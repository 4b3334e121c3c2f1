package io.pycached.daemon;

import io.pycached.reconcile.Errand;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Reconciler;
import io.pycached.reconcile.Sweep;
import io.pycached.reconcile.Territory;
import io.pycached.reconcile.TerritoryStatus;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.Survey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every mirror looked at closely again and again, at a bounded rate: each body is read once for
 * each identity of its file, and owners and modes are looked at. It decides nothing: what is found
 * is dealt with as if an event had led there. One thread of its own.
 */
final class Scrub implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Scrub.class);

  /** Mirrors that one round remembers; those beyond it have their turn in a later one. */
  private static final int MAX_MIRRORS = 500_000;

  /** Even a mirror with nothing in it takes this long: to look at it costs something, too. */
  private static final Duration LEAST = Duration.ofMillis(2);

  private final Reconciler reconciler;
  private final Remembering remembering;
  private final InstantSource clock;
  private final long bytesPerSecond;
  private final Duration period;
  private final CountDownLatch surveyed = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "scrub");
  private volatile Optional<Instant> lastFinished = Optional.empty();

  /**
   * @param bytesPerSecond how much bytecode is looked at, whether it has to be read or not
   * @param period from the start of one round to that of the next
   */
  Scrub(
      Reconciler reconciler,
      Remembering remembering,
      long bytesPerSecond,
      Duration period,
      InstantSource clock) {
    this.reconciler = reconciler;
    this.remembering = remembering;
    this.bytesPerSecond = bytesPerSecond;
    this.period = period;
    this.clock = clock;
  }

  /** A mirror that is to be looked at. */
  private record Mirror(Territory territory, Path relative, long bytes) {}

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Notes that everything was surveyed: before that there are better things to do. */
  void surveyed() {
    surveyed.countDown();
  }

  /** {@return when a round ended last} */
  Optional<Instant> lastFinished() {
    return lastFinished;
  }

  private void run() {
    try {
      surveyed.await();
      while (true) {
        long start = System.nanoTime();
        List<Mirror> mirrors = mirrors();
        for (Mirror mirror : mirrors) {
          reconciler.dirty(mirror.territory(), mirror.relative(), Sweep.Reach.DIRECTORY);
          if (pause(Duration.ofNanos(mirror.bytes() * 1_000_000_000L / bytesPerSecond))) {
            return;
          }
        }
        lastFinished = Optional.of(clock.instant());
        remembering.save();
        log.debug("scrubbed {} mirrors", mirrors.size());
        if (pause(period.minusNanos(System.nanoTime() - start))) {
          return;
        }
      }
    } catch (InterruptedException | RejectedExecutionException stopped) {
      log.debug("the scrub ends");
    }
  }

  /** Returns whether the daemon stops meanwhile. */
  private boolean pause(Duration time) throws InterruptedException {
    long nanos = Math.max(time.toNanos(), LEAST.toNanos());
    return closed.await(nanos, TimeUnit.NANOSECONDS);
  }

  private List<Mirror> mirrors() throws InterruptedException {
    List<Mirror> mirrors = new ArrayList<>();
    for (TerritoryStatus status : reconciler.status()) {
      Territory territory = status.territory();
      Path root = territory.prefix().path().getFileSystem().getPath("");
      Path top = territory.pair(root).mirror();
      ReconcileListener listener =
          new ReconcileListener() {
            @Override
            public void surveyed(Territory seen, Survey survey) {
              add(mirrors, territory, top, survey);
            }
          };
      try {
        Errand errand = Errand.of(root, Mode.SURVEY, Sweep.Reach.FULL);
        reconciler.request(territory, errand, listener).get();
      } catch (ExecutionException gone) {
        log.debug("{} is not scrubbed: {}", territory.name(), gone.getMessage());
      }
    }
    return mirrors;
  }

  private static void add(List<Mirror> mirrors, Territory territory, Path top, Survey survey) {
    if (survey.mirror().isEmpty()) {
      return;
    }
    Path relative = top.relativize(survey.pair().mirror());
    long bytes = survey.files().stream().mapToLong(MirrorFile::bytes).sum();
    synchronized (mirrors) {
      if (mirrors.size() < MAX_MIRRORS) {
        mirrors.add(new Mirror(territory, relative, bytes));
      }
    }
  }

  /** Ends the thread. */
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }
}
