package io.pycached.reconcile;

import static io.pycached.reconcile.Sweep.Reach.DIRECTORY;
import static io.pycached.reconcile.Sweep.Reach.FULL;
import static io.pycached.reconcile.Sweep.Reach.TREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pycached.apply.Outcome;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.State;
import io.pycached.survey.Survey;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ReconcilerTest {
  private static final long BYTES = PycacheTree.bytecodeBytes();
  private static final Duration DEBOUNCE = Duration.ofMillis(5);
  private static final ReconcileListener DEAF = new ReconcileListener() {};

  private final SetClock clock = new SetClock();
  private final AtomicLong nanoTime = new AtomicLong(77);
  private final ForkJoinPool pool = new ForkJoinPool(2);
  private final Heard heard = new Heard();

  /** Holds up whoever surveys the mirror {@link #blocked}, until it is opened. */
  private final CountDownLatch gate = new CountDownLatch(1);

  /** Opened by as many as the pool has threads. */
  private final CountDownLatch arrived = new CountDownLatch(2);

  private volatile Path blocked = Path.of("nowhere");
  private PycacheTree tree;
  private Reconciling both;
  private Territory shop;
  private Territory other;
  private Reconciler reconciler;

  @BeforeEach
  void layOut() throws IOException {
    tree = PycacheTree.inMemory(clock);
    Path root = Files.createDirectories(tree.top().resolve("srv/other"));
    both = Reconciling.of(tree, clock, tree.project(), PycacheTree.project("other", root));
    shop = both.territories().get(0);
    other = both.territories().get(1);
    reconciler =
        new Reconciler(both.pairs(), new Volumes(), new Gated(), pool, DEBOUNCE, nanoTime::get);
    reconciler.territories(both.territories());
    tree.source("m.py", 1);
    Files.writeString(root.resolve("n.py"), "");
  }

  @AfterEach
  void close() {
    gate.countDown();
    reconciler.close();
    pool.shutdownNow();
  }

  /** Tells {@link #heard}, once it has been let through the gate. */
  private final class Gated implements ReconcileListener {
    @Override
    public void surveyed(Territory territory, Survey survey) {
      if (blocked.equals(survey.pair().mirror().getParent())) {
        arrived.countDown();
        try {
          gate.await();
        } catch (InterruptedException stopped) {
          Thread.currentThread().interrupt();
        }
      }
      heard.surveyed(territory, survey);
    }

    @Override
    public void happened(Territory territory, Outcome outcome) {
      heard.happened(territory, outcome);
    }

    @Override
    public void failed(Territory territory, DirectoryPair pair, IOException failure) {
      heard.failed(territory, pair, failure);
    }
  }

  // Marks.

  @Test
  void dirty_directory_isSwept() throws IOException {
    Path gone = tree.orphan("a/gone.py");
    clock.advance(Duration.ofHours(1));
    reconciler.start();
    reconciler.dirty(shop, both.path("a"), DIRECTORY);
    await()
        .untilAsserted(
            () ->
                assertThat(heard.outcomes())
                    .contains(
                        new Outcome.Deleted(gone, "source-missing", BYTES, tree.noSource(gone))));
    await().until(() -> reconciler.status().get(0).lastReconciled().isPresent());
    assertThat(reconciler.status().get(0).lastReconciled()).contains(clock.instant());
    assertThat(reconciler.status().get(1).lastReconciled()).isEmpty();
  }

  @Test
  void dirty_unknownTerritory_isIgnored() {
    reconciler.territories(List.of(other));
    reconciler.dirty(shop, both.path("a"), DIRECTORY);
    assertThat(reconciler.dirtyCount()).isZero();
  }

  @Test
  void dirty_again_countsOnce() {
    reconciler.dirty(shop, both.path("a"), DIRECTORY);
    reconciler.dirty(shop, both.path("a"), TREE);
    reconciler.dirty(shop, both.path("b"), DIRECTORY);
    reconciler.dirty(other, both.path("b"), DIRECTORY);
    assertThat(reconciler.dirtyCount()).isEqualTo(3);
  }

  /** Only the deepest directory was marked: each removal has the directory above it visited. */
  @Test
  void dirty_lastBytecodeOfABranch_removesTheBranch() throws IOException {
    tree.orphan("a/b/c/gone.py");
    reconciler.start();
    request(shop, "", Mode.APPLY, FULL);
    for (String directory : List.of("a/b/c", "a/b", "a")) {
      Files.delete(tree.root().resolve(directory));
    }
    clock.advance(Duration.ofHours(1));
    reconciler.dirty(shop, both.path("a/b/c"), DIRECTORY);
    await().untilAsserted(() -> assertThat(tree.mirror("a")).doesNotExist());
    assertThat(tree.mirror("")).exists();
    assertThat(request(shop, "", Mode.APPLY, TREE).totals()).isEqualTo(Totals.NONE);
  }

  @Test
  void dirty_fromManyThreads_losesNothing() throws Exception {
    reconciler.start();
    List<Thread> writers = new ArrayList<>();
    AtomicInteger failures = new AtomicInteger();
    for (int writer = 0; writer < 8; writer++) {
      String own = "w" + writer;
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 100; i++) {
                    String directory = own + "/d" + (i % 25);
                    tree.fresh(directory + "/m" + i + ".py");
                    reconciler.dirty(shop, both.path(directory), DIRECTORY);
                  }
                } catch (IOException | RuntimeException failed) {
                  failures.incrementAndGet();
                }
              });
      writers.add(thread);
      thread.start();
    }
    for (Thread thread : writers) {
      thread.join();
    }
    assertThat(failures).hasValue(0);
    await()
        .untilAsserted(
            () ->
                assertThat(reconciler.status().get(0).totals().of(State.FRESH))
                    .isEqualTo(new Count(800, 800 * BYTES)));
    assertThat(heard.failed()).isEmpty();
  }

  // Fairness.

  @Test
  void dirty_whileAnotherTerritoryIsLongInTheWorks_isSwept() throws Exception {
    CompletableFuture<TerritoryStatus> underWay = holdUpEveryThreadIn("d");
    reconciler.dirty(other, both.path(""), DIRECTORY);
    await().until(() -> reconciler.status().get(1).sources() == 1);
    assertThat(underWay).isNotDone();
  }

  @Test
  void request_whileAnotherTerritoryIsLongInTheWorks_isAnswered() throws Exception {
    CompletableFuture<TerritoryStatus> underWay = holdUpEveryThreadIn("d");
    CompletableFuture<TerritoryStatus> answer =
        reconciler.request(other, Errand.of(both.path(""), Mode.APPLY, FULL), DEAF);
    assertThat(answer.get(10, TimeUnit.SECONDS).sources()).isEqualTo(1);
    assertThat(underWay).isNotDone();
  }

  private CompletableFuture<TerritoryStatus> holdUpEveryThreadIn(String directory)
      throws Exception {
    for (int i = 0; i < 10; i++) {
      tree.fresh(directory + "/x" + i + "/m.py");
    }
    blocked = tree.mirror(directory);
    reconciler.start();
    CompletableFuture<TerritoryStatus> underWay =
        reconciler.request(shop, Errand.of(both.path(""), Mode.APPLY, TREE), DEAF);
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
    return underWay;
  }

  // Requests.

  @Test
  void request_apply_answersWhatIsThereThen() throws IOException {
    tree.fresh("a/m.py");
    tree.stale("a/n.py");
    reconciler.start();
    Heard also = new Heard();
    TerritoryStatus status =
        reconciler.request(shop, Errand.of(both.path(""), Mode.APPLY, FULL), also).join();
    assertThat(status).isEqualTo(both.afresh());
    assertThat(also.surveyedNames()).containsExactly("", "a");
    assertThat(heard.surveyedNames()).containsExactly("", "a");
  }

  @Test
  void request_dryRun_tellsTheAskerAloneAndTeachesNothing() throws IOException {
    Path gone = tree.orphan("a/gone.py");
    reconciler.start();
    request(shop, "", Mode.APPLY, FULL);
    TerritoryStatus before = reconciler.status().get(0);
    clock.advance(Duration.ofHours(1));
    int known = heard.surveyed().size();
    Heard also = new Heard();
    TerritoryStatus status =
        reconciler.request(shop, Errand.of(both.path(""), Mode.DRY_RUN, FULL), also).join();
    assertThat(also.outcomes())
        .contains(new Outcome.Deleted(gone, "source-missing", BYTES, tree.noSource(gone)));
    assertThat(heard.surveyed()).hasSize(known);
    assertThat(heard.outcomes()).isEmpty();
    assertThat(status).isEqualTo(before);
    assertThat(gone).exists();
  }

  @Test
  void request_dryRunOfADirectory_looksAtThatAlone() throws IOException {
    tree.orphan("a/gone.py");
    Path gone = tree.orphan("b/c/gone.py");
    reconciler.start();
    clock.advance(Duration.ofHours(1));
    Heard also = new Heard();
    reconciler.request(shop, Errand.of(both.path("b/c"), Mode.DRY_RUN, FULL), also).join();
    assertThat(also.surveyedNames()).containsExactly("b/c");
    assertThat(also.outcomes())
        .containsExactly(
            new Outcome.Deleted(gone, "source-missing", BYTES, tree.noSource(gone)),
            new Outcome.Removed(tree.mirror("b/c")));
  }

  @Test
  void request_unknownTerritory_isRejected() {
    reconciler.territories(List.of(other));
    assertThatThrownBy(
            () -> reconciler.request(shop, Errand.of(both.path(""), Mode.APPLY, TREE), DEAF))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("no such project");
  }

  @Test
  void request_tooMany_isRejected() {
    List<CompletableFuture<TerritoryStatus>> waiting = new ArrayList<>();
    for (int i = 0; i < Backlog.MAX_REQUESTS; i++) {
      waiting.add(reconciler.request(shop, Errand.of(both.path(""), Mode.APPLY, TREE), DEAF));
    }
    assertThatThrownBy(
            () -> reconciler.request(shop, Errand.of(both.path(""), Mode.APPLY, TREE), DEAF))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("too many");
    waiting.add(reconciler.request(other, Errand.of(both.path(""), Mode.APPLY, TREE), DEAF));
    assertThat(waiting).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void request_afterClose_isRejected() {
    reconciler.close();
    assertThatThrownBy(
            () -> reconciler.request(shop, Errand.of(both.path(""), Mode.APPLY, TREE), DEAF))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("shutting down");
  }

  @Test
  void request_whoseListenerThrows_isAnsweredAllTheSame() {
    reconciler.start();
    ReconcileListener tripping =
        new ReconcileListener() {
          @Override
          public void surveyed(Territory territory, Survey survey) {
            throw new IllegalStateException("tripped");
          }

          @Override
          public void failed(Territory territory, DirectoryPair pair, IOException failure) {
            throw new IllegalStateException("tripped again");
          }
        };
    CompletableFuture<TerritoryStatus> answer =
        reconciler.request(shop, Errand.of(both.path(""), Mode.APPLY, FULL), tripping);
    assertThatThrownBy(answer::join).hasRootCauseMessage("tripped again");
    assertThat(request(shop, "", Mode.APPLY, FULL).sources()).isEqualTo(1);
  }

  // Closing.

  @Test
  void close_answersWaitingRequestsWithAFailure() {
    CompletableFuture<TerritoryStatus> one =
        reconciler.request(shop, Errand.of(both.path(""), Mode.APPLY, TREE), DEAF);
    CompletableFuture<TerritoryStatus> second =
        reconciler.request(other, Errand.of(both.path(""), Mode.DRY_RUN, TREE), DEAF);
    reconciler.close();
    assertThat(one).isCompletedExceptionally();
    assertThatThrownBy(second::join)
        .hasCauseInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("shutting down");
    reconciler.close();
  }

  @Test
  void close_duringASweep_endsItWithTheDirectoriesUnderWay() throws Exception {
    CompletableFuture<TerritoryStatus> underWay = holdUpEveryThreadIn("d");
    CompletableFuture<TerritoryStatus> waiting =
        reconciler.request(shop, Errand.of(both.path(""), Mode.APPLY, TREE), DEAF);
    Thread closing = new Thread(reconciler::close);
    closing.start();
    await().until(waiting::isCompletedExceptionally);
    assertThat(closing.isAlive()).isTrue();
    assertThat(underWay).isNotDone();
    gate.countDown();
    closing.join();
    assertThatThrownBy(underWay::join)
        .hasCauseInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("shutting down");
    assertThat(reconciler.status().get(0).sources()).isBetween(3L, 7L);
    assertThat(heard.failed()).isEmpty();
  }

  // Getting on.

  @Test
  void silence_sweepHeldUp_growsUntilItGetsOn() throws Exception {
    CompletableFuture<TerritoryStatus> underWay = holdUpEveryThreadIn("d");
    assertThat(reconciler.silence()).isZero();
    nanoTime.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(reconciler.silence()).isEqualTo(Duration.ofSeconds(3));
    // The other thread's work says nothing about this one's.
    request(other, "", Mode.APPLY, FULL);
    assertThat(reconciler.silence()).isEqualTo(Duration.ofSeconds(3));
    gate.countDown();
    assertThat(underWay.get(10, TimeUnit.SECONDS).sources()).isEqualTo(11);
    await().untilAsserted(() -> assertThat(reconciler.silence()).isZero());
  }

  @Test
  void silence_longSweepThatGetsOn_isNone() throws Exception {
    for (int i = 0; i < 10; i++) {
      tree.fresh("d/x" + i + "/m.py");
    }
    List<Duration> silences = new ArrayList<>();
    Reconciler slow =
        new Reconciler(
            both.pairs(),
            new Volumes(),
            new ReconcileListener() {
              @Override
              public void surveyed(Territory territory, Survey survey) {
                nanoTime.addAndGet(Duration.ofSeconds(50).toNanos());
              }
            },
            new ForkJoinPool(1),
            DEBOUNCE,
            nanoTime::get);
    slow.territories(both.territories());
    slow.start();
    slow.request(
            shop,
            Errand.of(both.path(""), Mode.APPLY, FULL),
            new ReconcileListener() {
              @Override
              public void surveyed(Territory territory, Survey survey) {
                silences.add(slow.silence());
              }
            })
        .join();
    slow.close();
    assertThat(silences).hasSize(12).containsOnly(Duration.ofSeconds(50));
  }

  @Test
  void silence_nothingToDo_isNone() {
    reconciler.start();
    nanoTime.addAndGet(Duration.ofDays(3).toNanos());
    assertThat(reconciler.silence()).isZero();
    request(shop, "", Mode.APPLY, FULL);
    nanoTime.addAndGet(Duration.ofDays(3).toNanos());
    await().untilAsserted(() -> assertThat(reconciler.silence()).isZero());
  }

  @Test
  void silence_threadThatIsNoMore_isForEver() {
    Reconciler broken =
        new Reconciler(
            both.pairs(),
            new Volumes(),
            new ReconcileListener() {
              @Override
              public void surveyed(Territory territory, Survey survey) {
                throw new LinkageError("as if");
              }
            },
            new ForkJoinPool(1),
            DEBOUNCE,
            nanoTime::get);
    broken.territories(both.territories());
    Thread.UncaughtExceptionHandler usual = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {});
    try {
      broken.start();
      broken.dirty(shop, both.path(""), DIRECTORY);
      await()
          .dontCatchUncaughtExceptions()
          .until(() -> broken.silence().equals(ChronoUnit.FOREVER.getDuration()));
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(usual);
      broken.close();
    }
  }

  // Other territories.

  @Test
  void territories_unchangedOne_keepsWhatIsKnown() throws IOException {
    tree.fresh("a/m.py");
    reconciler.start();
    TerritoryStatus before = request(shop, "", Mode.APPLY, FULL);
    Reconciling same = Reconciling.of(tree, clock, tree.project());
    reconciler.territories(same.territories());
    assertThat(reconciler.status()).hasSize(2);
    assertThat(reconciler.status().get(0).totals()).isEqualTo(before.totals());
    assertThat(reconciler.status().get(1).territory().name()).isEqualTo("unclaimed");
  }

  @Test
  void territories_changedOne_isForgotten() throws IOException {
    tree.fresh("a/m.py");
    reconciler.start();
    request(shop, "", Mode.APPLY, FULL);
    Reconciling narrower = Reconciling.of(tree, clock, tree.project("**/a"));
    reconciler.territories(narrower.territories());
    assertThat(reconciler.status().get(0).totals()).isEqualTo(Totals.NONE);
    assertThat(reconciler.status().get(0).lastReconciled()).isEmpty();
  }

  @Test
  void territories_withoutOne_cancelsItsRequests() {
    CompletableFuture<TerritoryStatus> gone =
        reconciler.request(shop, Errand.of(both.path(""), Mode.APPLY, TREE), DEAF);
    CompletableFuture<TerritoryStatus> stays =
        reconciler.request(other, Errand.of(both.path(""), Mode.APPLY, TREE), DEAF);
    reconciler.territories(List.of(other));
    assertThatThrownBy(gone::join)
        .hasCauseInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("shop");
    assertThat(stays).isNotDone();
    reconciler.start();
    assertThat(stays.join().sources()).isEqualTo(1);
  }

  @Test
  void territories_changedDuringASweep_endsIt() throws Exception {
    CompletableFuture<TerritoryStatus> underWay = holdUpEveryThreadIn("d");
    reconciler.territories(List.of());
    assertThat(reconciler.status()).isEmpty();
    gate.countDown();
    assertThat(underWay.get(10, TimeUnit.SECONDS).sources()).isEqualTo(11);
  }

  private TerritoryStatus request(
      Territory territory, String relative, Mode mode, Sweep.Reach reach) {
    try {
      return reconciler.request(territory, Errand.of(both.path(relative), mode, reach), DEAF).get();
    } catch (InterruptedException | ExecutionException failed) {
      throw new AssertionError(failed);
    }
  }
}
