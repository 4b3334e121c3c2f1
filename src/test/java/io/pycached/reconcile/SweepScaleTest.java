package io.pycached.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.survey.State;
import io.pycached.survey.Survey;
import io.pycached.testing.FaultyFileSystem;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees that are deep, wide or in any order. */
final class SweepScaleTest {
  private static final long BYTES = PycacheTree.bytecodeBytes();
  private static final int DEEP = 500;
  private static final int WIDE = 20_000;

  /** Both sides of each level that a thread may hold open, and the way down to a subtree. */
  private static final int MOST_OPEN_PER_THREAD = 2 * 32 + 8;

  private static final int MOST_FRAMES = 400;

  private final SetClock clock = new SetClock();

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void run_deepTree_holdsFewDirectoriesAndFramesOpen(int threads) throws IOException {
    FaultyFileSystem disk = new FaultyFileSystem(PycacheTree.memory(clock));
    PycacheTree tree = PycacheTree.in(disk.getPath("/top"));
    tree.fresh("d/".repeat(DEEP) + "m.py");
    AtomicInteger frames = new AtomicInteger();
    ReconcileListener depth =
        new ReconcileListener() {
          @Override
          public void surveyed(Territory territory, Survey survey) {
            frames.accumulateAndGet(Thread.currentThread().getStackTrace().length, Math::max);
          }
        };
    Reconciling shop = Reconciling.of(tree, clock, tree.project());
    Catalog catalog = new Catalog();
    ForkJoinPool pool = new ForkJoinPool(threads);
    Heard heard = new Heard();
    new Sweep(
            shop.first(),
            catalog,
            shop.pairs(),
            Mode.APPLY,
            Optional.empty(),
            ReconcileListener.both(heard, depth))
        .run(pool, shop.path(""), Sweep.Reach.FULL);
    pool.shutdownNow();
    assertThat(heard.failed()).isEmpty();
    assertThat(catalog.pairs()).isEqualTo(DEEP + 1);
    assertThat(catalog.totals().of(State.FRESH)).isEqualTo(new Count(1, BYTES));
    assertThat(disk.open()).isZero();
    assertThat(disk.mostOpen()).isLessThanOrEqualTo(threads * MOST_OPEN_PER_THREAD);
    assertThat(frames).hasValueLessThan(MOST_FRAMES);
  }

  @Test
  void run_deepTreeWhoseSourcesAreGone_isRemovedToTheTop() throws IOException {
    PycacheTree tree = PycacheTree.inMemory(clock);
    tree.source("m.py", 1);
    Files.createDirectories(tree.mirror("d/".repeat(100)));
    Reconciling shop = Reconciling.of(tree, clock, tree.project());
    ForkJoinPool pool = new ForkJoinPool(2);
    Catalog catalog = new Catalog();
    Heard heard = shop.sweep(catalog, "", Sweep.Reach.TREE, Mode.APPLY, pool);
    pool.shutdownNow();
    assertThat(heard.outcomes()).hasSize(100);
    assertThat(tree.mirror("d")).doesNotExist();
    assertThat(catalog.pairs()).isEqualTo(1);
  }

  @Test
  void run_manyFilesInOneDirectory_countsThemAll() throws IOException {
    PycacheTree tree = PycacheTree.inMemory(clock);
    Files.createDirectories(tree.mirror(""));
    byte[] fresh = PycacheTree.pyc((int) clock.instant().getEpochSecond(), 0);
    for (int i = 0; i < WIDE / 2; i++) {
      Files.createFile(tree.root().resolve("m" + i + ".py"));
      Files.write(tree.mirror("").resolve("m" + i + ".cpython-312.pyc"), fresh);
      Files.write(tree.mirror("").resolve("m" + i + ".cpython-312.opt-2.pyc"), fresh);
    }
    clock.advance(Duration.ofSeconds(3));
    Reconciling shop = Reconciling.of(tree, clock, tree.project());
    ForkJoinPool pool = new ForkJoinPool(2);
    Catalog catalog = new Catalog();
    shop.sweep(catalog, "", Sweep.Reach.TREE, Mode.APPLY, pool);
    Heard again = shop.sweep(catalog, "", Sweep.Reach.TREE, Mode.APPLY, pool);
    pool.shutdownNow();
    assertThat(catalog.sources()).isEqualTo(WIDE / 2);
    assertThat(catalog.totals().of(State.FRESH)).isEqualTo(new Count(WIDE, WIDE * BYTES));
    assertThat(again.surveyed()).isEmpty();
  }

  @Test
  void run_manyDirectoriesInOne_countsThemAll() throws IOException {
    PycacheTree tree = PycacheTree.inMemory(clock);
    for (int i = 0; i < WIDE; i++) {
      Files.createDirectory(tree.root().resolve("d" + i));
    }
    Reconciling shop = Reconciling.of(tree, clock, tree.project());
    ForkJoinPool pool = new ForkJoinPool(2);
    Catalog catalog = new Catalog();
    shop.sweep(catalog, "", Sweep.Reach.TREE, Mode.APPLY, pool);
    long start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      catalog.children(catalog.root(), catalog.root().children().clone());
    }
    pool.shutdownNow();
    assertThat(catalog.pairs()).isEqualTo(WIDE + 1);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
  }

  /** Neither threads nor the order in which files were made show in what comes out. */
  @ParameterizedTest
  @CsvSource({"1,1", "4,1", "1,2", "4,2", "4,3"})
  void run_anyThreadsAndOrder_doTheSame(int threads, long seed) throws IOException {
    PycacheTree tree = PycacheTree.inMemory(clock);
    Path empty = tree.mirror("e/e/e");
    List<Maker> makers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String directory = "a" + i % 2 + "/b" + i;
      makers.add(() -> tree.fresh(directory + "/fresh.py"));
      makers.add(() -> tree.stale(directory + "/c/stale.py"));
      makers.add(() -> tree.orphan(directory + "/d/gone.py"));
    }
    makers.add(() -> Files.createDirectories(empty));
    Collections.shuffle(makers, new Random(seed));
    for (Maker maker : makers) {
      maker.make();
    }
    clock.advance(Duration.ofHours(2));
    Reconciling shop = Reconciling.of(tree, clock, tree.project());
    ForkJoinPool pool = new ForkJoinPool(threads);
    Catalog catalog = new Catalog();
    Heard heard = shop.sweep(catalog, "", Sweep.Reach.FULL, Mode.APPLY, pool);
    pool.shutdownNow();
    TreeSet<String> outcomes = new TreeSet<>();
    heard
        .outcomes()
        .forEach(outcome -> outcomes.add(tree.mirror("").relativize(outcome.path()).toString()));
    assertThat(outcomes)
        .containsExactly(
            "a0/b0/d",
            "a0/b0/d/gone.cpython-312.pyc",
            "a0/b2/d",
            "a0/b2/d/gone.cpython-312.pyc",
            "a0/b4/d",
            "a0/b4/d/gone.cpython-312.pyc",
            "a1/b1/d",
            "a1/b1/d/gone.cpython-312.pyc",
            "a1/b3/d",
            "a1/b3/d/gone.cpython-312.pyc",
            "a1/b5/d",
            "a1/b5/d/gone.cpython-312.pyc",
            "e",
            "e/e",
            "e/e/e");
    assertThat(heard.outcomes()).hasSize(15);
    assertThat(heard.surveyed()).hasSize(24).doesNotHaveDuplicates();
    assertThat(catalog.sources()).isEqualTo(12);
    assertThat(catalog.pairs()).isEqualTo(21);
    assertThat(catalog.totals().of(State.FRESH)).isEqualTo(new Count(6, 6 * BYTES));
    assertThat(catalog.totals().of(State.STALE)).isEqualTo(new Count(6, 6 * BYTES));
    assertThat(catalog.totals().of(State.ORPHANED)).isEqualTo(Count.ZERO);
  }

  /** Makes a part of a tree. */
  private interface Maker {
    void make() throws IOException;
  }
}
