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

  /**
   * What the list of mirrors may take: room for some 500,000. Those beyond it are surveyed only.
   */
  private static final int MAX_LIST_BYTES = 16 * 1024 * 1024;

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

  /** The mirrors of a territory that are to be looked at. */
  private record Tour(Territory territory, Itinerary mirrors) {}

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
        for (Tour tour : tours()) {
          if (isStoppedOn(tour)) {
            return;
          }
        }
        lastFinished = Optional.of(clock.instant());
        remembering.save();
        if (pause(period.minusNanos(System.nanoTime() - start))) {
          return;
        }
      }
    } catch (InterruptedException | RejectedExecutionException stopped) {
      log.debug("the scrub ends");
    }
  }

  /** Looks at every mirror of {@code tour}. Returns whether the daemon stops meanwhile. */
  private boolean isStoppedOn(Tour tour) throws InterruptedException {
    for (Itinerary.Stop stop : tour.mirrors()) {
      reconciler.dirty(tour.territory(), stop.relative(), Sweep.Reach.DIRECTORY);
      if (pause(Duration.ofNanos(stop.bytes() * 1_000_000_000L / bytesPerSecond))) {
        return true;
      }
    }
    log.debug("scrubbed {} mirrors of {}", tour.mirrors().size(), tour.territory().name());
    return false;
  }

  /** Returns whether the daemon stops meanwhile. */
  private boolean pause(Duration time) throws InterruptedException {
    long nanos = Math.max(time.toNanos(), LEAST.toNanos());
    return closed.await(nanos, TimeUnit.NANOSECONDS);
  }

  private List<Tour> tours() throws InterruptedException {
    List<Tour> tours = new ArrayList<>();
    int room = MAX_LIST_BYTES;
    for (TerritoryStatus status : reconciler.status()) {
      Territory territory = status.territory();
      Path root = territory.prefix().path().getFileSystem().getPath("");
      Path top = territory.pair(root).mirror();
      Itinerary mirrors = new Itinerary(root.getFileSystem(), room);
      ReconcileListener listener =
          new ReconcileListener() {
            @Override
            public void surveyed(Territory seen, Survey survey) {
              add(mirrors, top, survey);
            }
          };
      try {
        Errand errand = Errand.of(root, Mode.SURVEY, Sweep.Reach.FULL);
        reconciler.request(territory, errand, listener).get();
      } catch (ExecutionException gone) {
        log.debug("{} is not scrubbed: {}", territory.name(), gone.getMessage());
      }
      if (mirrors.leftOut() > 0) {
        log.warn("{} directories are not scrubbed: there are too many", mirrors.leftOut());
      }
      tours.add(new Tour(territory, mirrors));
      room -= mirrors.taken();
    }
    return tours;
  }

  private static void add(Itinerary mirrors, Path top, Survey survey) {
    if (survey.mirror().isPresent()) {
      mirrors.add(
          top.relativize(survey.pair().mirror()),
          survey.files().stream().mapToLong(MirrorFile::bytes).sum());
    }
  }

  /** Ends the thread. */
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }
}
