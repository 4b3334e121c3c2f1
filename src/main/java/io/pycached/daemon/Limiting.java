package io.pycached.daemon;

import io.pycached.apply.Outcome;
import io.pycached.policy.Bounds;
import io.pycached.policy.DeletionPolicy;
import io.pycached.reconcile.Count;
import io.pycached.reconcile.Errand;
import io.pycached.reconcile.Footprint;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Reconciler;
import io.pycached.reconcile.Sweep;
import io.pycached.reconcile.Territory;
import io.pycached.reconcile.TerritoryStatus;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the prefix within its limits: after each survey of everything, and when what is known says
 * that a limit may have been passed meanwhile; and when somebody asks. One thread of its own; there
 * is one cleaner at a time.
 */
final class Limiting implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Limiting.class);
  private static final String REACHED = "limit-reached";
  private static final String EXCEEDED = "limit-exceeded";

  /** How often the sums are looked at, which costs next to nothing. */
  private static final long LOOK_SECONDS = 20;

  /** Below this share of the low water, there is room again to compile ahead. */
  private static final double ROOM = 0.9;

  private final Reconciler reconciler;
  private final Warming warming;
  private final Probing probing;
  private final Problems problems;
  private final InstantSource clock;
  private final BlockingQueue<Boolean> surveyed = new ArrayBlockingQueue<>(1);
  private final Thread thread = new Thread(this::run, "limits");
  private volatile Allowances allowances;

  /** Held by who cleans; what was counted is his. */
  private final ReentrantLock cleaning = new ReentrantLock();

  /** What was there when it was last counted, exactly and by the catalogs' sums. */
  private volatile Optional<Footprint> counted = Optional.empty();

  private volatile Footprint sumThen = Footprint.NONE;

  Limiting(
      Reconciler reconciler,
      Warming warming,
      Probing probing,
      Problems problems,
      Allowances allowances,
      InstantSource clock) {
    this.reconciler = reconciler;
    this.warming = warming;
    this.probing = probing;
    this.problems = problems;
    this.allowances = allowances;
    this.clock = clock;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes over other limits; they are looked at right away. */
  void allowances(Allowances other) {
    allowances = other;
    surveyed();
  }

  Allowances allowances() {
    return allowances;
  }

  /** {@return what was there when it was last counted; nothing if nothing is bounded} */
  Optional<Footprint> counted() {
    return counted;
  }

  /** Notes that everything was surveyed. */
  void surveyed() {
    surveyed.offer(true);
  }

  private void run() {
    try {
      boolean first = true;
      while (true) {
        boolean told = surveyed.poll(LOOK_SECONDS, TimeUnit.SECONDS) != null;
        // Before the first survey nobody knows what there is.
        first &= !told;
        if (!first && allowances.any() && (told || mayExceed())) {
          enforce(new ReconcileListener() {});
        }
      }
    } catch (InterruptedException closed) {
      log.debug("the limits are left alone: the daemon stops");
    } catch (RejectedExecutionException closed) {
      log.debug("the limits are left alone: {}", closed.getMessage());
    }
  }

  /** Whether what came since it was counted may have been too much. */
  private boolean mayExceed() {
    Allowances now = allowances;
    if (counted.isEmpty()) {
      return true;
    }
    Footprint sum = sum();
    long files = counted.get().files() + sum.files() - sumThen.files();
    long bytes =
        counted.get().bytes()
            + Math.max(0, sum.bytes() - sumThen.bytes())
            + Math.max(0, sum.files() - sumThen.files()) * now.block();
    boolean room = hasRoom(now.whole(), files, bytes);
    if (room) {
      warming.queue().onlyReplace(false);
      problems.clear(REACHED, "");
    }
    return now.whole().excessBytes(bytes) > 0 || now.whole().excessFiles(files) > 0;
  }

  private static boolean hasRoom(Bounds bounds, long files, long bytes) {
    double share = bounds.lowWater() * ROOM;
    return files < share * bounds.maxFiles().orElse(Long.MAX_VALUE)
        && bytes < share * bounds.maxBytes().orElse(Long.MAX_VALUE);
  }

  /**
   * Brings the prefix below its limits now.
   *
   * @param also hears of what goes
   * @throws RejectedExecutionException if the reconciler has too much to do, or stops
   */
  void enforce(ReconcileListener also) throws InterruptedException {
    cleaning.lockInterruptibly();
    try {
      if (allowances.any()) {
        clean(allowances, also);
      }
    } finally {
      cleaning.unlock();
    }
  }

  private void clean(Allowances now, ReconcileListener also) throws InterruptedException {
    Set<Integer> written =
        probing.known().stream().map(each -> each.magic()).collect(Collectors.toUnmodifiableSet());
    List<Territory> territories =
        reconciler.status().stream().map(TerritoryStatus::territory).toList();
    Reached reached = new Reached();
    Footprint sum = sum();
    Footprint left =
        now.enforce(
            territories, this::sweep, written, clock, ReconcileListener.both(reached, also));
    sumThen = reached.any ? sum() : sum;
    counted = Optional.of(left);
    if (reached.any) {
      // Compiling ahead what was evicted would only evict something else.
      warming.queue().onlyReplace(true);
      problems.raise(
          REACHED,
          "",
          "a limit was reached: what was least recently used goes, and sources without bytecode are"
              + " not compiled ahead until there is room");
    }
    tellOfExcess(now.whole(), left);
  }

  /** Hears whether anything goes for its size or number. */
  private static final class Reached implements ReconcileListener {
    private volatile boolean any;

    @Override
    public void happened(Territory territory, Outcome outcome) {
      any |= outcome instanceof Outcome.Deleted deleted && !deleted.reason().equals("max-age");
    }
  }

  private void tellOfExcess(Bounds bounds, Footprint left) {
    if (bounds.excessBytes(left.bytes()) == 0 && bounds.excessFiles(left.files()) == 0) {
      problems.clear(EXCEEDED, "");
      return;
    }
    problems.raise(
        EXCEEDED,
        "",
        "the prefix holds %,d bytes in %,d files, more than its limits: the rest is in use, or may not be touched"
            .formatted(left.bytes(), left.files()));
  }

  private void sweep(
      Territory territory, Optional<DeletionPolicy> policy, ReconcileListener listener)
      throws InterruptedException {
    Path root = territory.prefix().path().getFileSystem().getPath("");
    Mode mode = policy.isPresent() ? Mode.APPLY : Mode.SURVEY;
    Errand errand = new Errand(root, mode, Sweep.Reach.FULL, policy, false, false);
    try {
      reconciler.request(territory, errand, listener).get();
    } catch (ExecutionException failed) {
      // A project that is no longer there, or a daemon that stops, is no failure.
      if (!(failed.getCause() instanceof RejectedExecutionException)) {
        log.error("a sweep for the limits failed", failed.getCause());
      }
    }
  }

  private Footprint sum() {
    long files = 0;
    long bytes = 0;
    for (TerritoryStatus status : reconciler.status()) {
      for (Count count : status.totals().byState().values()) {
        files += count.files();
        bytes += count.bytes();
      }
    }
    return new Footprint(files, bytes);
  }

  /** Ends the thread. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
