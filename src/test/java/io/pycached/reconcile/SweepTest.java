package io.pycached.reconcile;

import static io.pycached.reconcile.Sweep.Reach.DIRECTORY;
import static io.pycached.reconcile.Sweep.Reach.FULL;
import static io.pycached.reconcile.Sweep.Reach.TREE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.apply.Outcome;
import io.pycached.survey.State;
import io.pycached.survey.Survey;
import io.pycached.testing.FaultyFileSystem;
import io.pycached.testing.FaultyFileSystem.Operation;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In memory, with a clock that the test moves. */
final class SweepTest {
  private static final long BYTES = PycacheTree.bytecodeBytes();
  private static final Duration SETTLED = Duration.ofSeconds(3);
  private static final Duration OLD = Duration.ofHours(2);

  private final SetClock clock = new SetClock();
  private final FaultyFileSystem disk = new FaultyFileSystem(PycacheTree.memory(clock));
  private final ForkJoinPool pool = new ForkJoinPool(2);
  private final Catalog catalog = new Catalog();
  private PycacheTree tree;
  private Reconciling shop;

  @BeforeEach
  void layOut() throws IOException {
    tree = PycacheTree.in(disk.getPath("/top"));
    shop = Reconciling.of(tree, clock, tree.project("**/excluded"));
  }

  @AfterEach
  void shutDown() {
    pool.shutdownNow();
    assertThat(disk.open()).as("directories left open").isZero();
  }

  // Counting.

  @Test
  void run_fromScratch_countsEverything() throws IOException {
    tree.fresh("m.py");
    tree.fresh("a/m.py");
    tree.stale("a/b/m.py");
    tree.orphan("a/b/gone.py");
    tree.source("c/uncompiled.py", 3);
    Files.writeString(tree.mirror("a").resolve("README"), "?!");
    Files.write(tree.mirror("a").resolve("m.cpython-312.pyc.1"), new byte[5]);
    Heard heard = sweep("", FULL);
    assertThat(heard.surveyedNames()).containsExactly("", "a", "a/b", "c");
    assertThat(shop.known(catalog))
        .isEqualTo(
            new TerritoryStatus(
                shop.first(),
                4,
                4,
                new Totals(
                    Map.of(
                        "cpython-312",
                        Map.of(
                            State.FRESH, new Count(2, 2 * BYTES),
                            State.STALE, new Count(1, BYTES),
                            State.ORPHANED, new Count(1, BYTES)),
                        "",
                        Map.of(
                            State.FOREIGN, new Count(1, 2),
                            State.TEMPORARY, new Count(1, 5)))),
                Optional.empty(),
                Optional.empty(),
                Optional.of(clock.instant())));
    assertThat(shop.known(catalog)).isEqualTo(shop.afresh());
  }

  @Test
  void run_emptyTerritory_countsItsRoot() throws IOException {
    tree.source("m.py", 1);
    sweep("", TREE);
    assertThat(catalog.pairs()).isEqualTo(1);
    assertThat(catalog.sources()).isEqualTo(1);
    assertThat(catalog.totals()).isEqualTo(Totals.NONE);
  }

  // The fingerprint.

  @Test
  void run_unchangedTree_readsNothingAgain() throws IOException {
    someTree();
    clock.advance(SETTLED);
    sweep("", TREE);
    Heard again = sweep("", TREE);
    assertThat(again.surveyed()).isEmpty();
    assertThat(again.unchangedNames()).containsExactly("", "a", "a/b", "c");
    assertThat(catalog.totals().of(State.FRESH)).isEqualTo(new Count(4, 4 * BYTES));
  }

  @Test
  void run_fullReach_readsEverythingAgain() throws IOException {
    someTree();
    clock.advance(SETTLED);
    sweep("", TREE);
    Heard again = sweep("", FULL);
    assertThat(again.surveyedNames()).containsExactly("", "a", "a/b", "c");
    assertThat(again.unchangedNames()).isEmpty();
    assertThat(again.correctedNames()).isEmpty();
  }

  @Test
  void run_directoryChangedJustBefore_isNotTrusted() throws IOException {
    someTree();
    clock.advance(SETTLED);
    tree.fresh("a/new.py");
    clock.advance(Duration.ofSeconds(2));
    sweep("", TREE);
    Heard again = sweep("", TREE);
    assertThat(again.surveyedNames()).containsExactly("a");
    clock.advance(Duration.ofMillis(1));
    sweep("", TREE);
    assertThat(sweep("", TREE).surveyed()).isEmpty();
  }

  /** While the directory is read, the clock goes on. */
  @Test
  void run_directoryThatSettlesWhileItIsRead_isNotTrusted() throws IOException {
    tree.fresh("a/m.py");
    clock.advance(Duration.ofMillis(1_900));
    disk.fault(
        (operation, path) -> {
          if (operation == Operation.READ) {
            clock.advance(SETTLED);
          }
        });
    sweep("", TREE);
    disk.fault((operation, path) -> {});
    assertThat(sweep("", TREE).surveyedNames()).contains("a");
  }

  /** What happens in the directory {@code a}. */
  private interface Change {
    void make(PycacheTree tree) throws IOException;
  }

  private record NamedChange(String name, Change change) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<NamedChange> changes() {
    return List.of(
        new NamedChange(
            "source touched",
            tree ->
                Files.setLastModifiedTime(tree.root().resolve("a/m.py"), FileTime.fromMillis(7))),
        new NamedChange("source written", tree -> tree.source("a/m.py", 8)),
        new NamedChange(
            "source replaced by one of the same size and time",
            tree -> {
              Path source = tree.root().resolve("a/m.py");
              FileTime before = Files.getLastModifiedTime(tree.root().resolve("a"));
              Path copy = tree.top().resolve("copy");
              Files.copy(source, copy, StandardCopyOption.COPY_ATTRIBUTES);
              Files.move(copy, source, StandardCopyOption.REPLACE_EXISTING);
              Files.setLastModifiedTime(tree.root().resolve("a"), before);
            }),
        new NamedChange("source deleted", tree -> Files.delete(tree.root().resolve("a/m.py"))),
        new NamedChange("source added", tree -> tree.source("a/new.py", 2)),
        new NamedChange(
            "second source of the same module added", tree -> tree.source("a/m.pyw", 7)),
        new NamedChange("bytecode deleted", tree -> Files.delete(tree.bytecode("a/m.py"))),
        new NamedChange("bytecode added", tree -> tree.fresh("a/new.py")),
        new NamedChange(
            "bytecode replaced",
            tree -> {
              Path pyc = tree.bytecode("a/m.py");
              Path temporary = pyc.resolveSibling(pyc.getFileName() + ".77");
              Files.write(temporary, PycacheTree.pyc(1, 2));
              Files.move(temporary, pyc, StandardCopyOption.REPLACE_EXISTING);
            }),
        new NamedChange(
            "directory added to the sources",
            tree -> Files.createDirectory(tree.root().resolve("a/new"))),
        new NamedChange(
            "directory added to the mirror", tree -> Files.createDirectory(tree.mirror("a/new"))),
        new NamedChange(
            "source became a directory",
            tree -> {
              Files.delete(tree.root().resolve("a/m.py"));
              Files.createDirectory(tree.root().resolve("a/m.py"));
            }));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void run_changeInOneDirectory_isNoticedThere(NamedChange change) throws IOException {
    someTree();
    clock.advance(SETTLED);
    sweep("", TREE);
    clock.advance(SETTLED);
    change.change().make(tree);
    clock.advance(SETTLED);
    Heard again = sweep("", TREE);
    assertThat(again.surveyedNames()).contains("a").doesNotContain("", "c");
    assertThat(shop.known(catalog)).isEqualTo(shop.afresh());
  }

  /** Bytecode made from {@code m.pyw} is judged by that; {@code m.py} beside it stays the same. */
  @Test
  void run_secondSourceOfAModuleTouched_isNoticed() throws IOException {
    tree.source("m.py", 100);
    tree.compile(tree.source("m.pyw", 9), 0);
    clock.advance(SETTLED);
    sweep("", TREE);
    assertThat(catalog.totals().of(State.FRESH)).isEqualTo(new Count(1, BYTES));
    Files.setLastModifiedTime(tree.root().resolve("m.pyw"), FileTime.fromMillis(7));
    sweep("", TREE);
    assertThat(catalog.totals().of(State.STALE)).isEqualTo(new Count(1, BYTES));
  }

  @Test
  void run_somethingElseThanBefore_isCorrected() throws IOException {
    someTree();
    assertThat(sweep("", TREE).correctedNames()).isEmpty();
    tree.source("a/m.py", 99);
    assertThat(sweep("", TREE).correctedNames()).containsExactly("a");
  }

  // How far a sweep reaches.

  @Test
  void run_directoryReach_readsThatDirectoryAlone() throws IOException {
    someTree();
    sweep("", FULL);
    tree.fresh("a/new.py");
    tree.fresh("a/b/new.py");
    Heard heard = sweep("a", DIRECTORY);
    assertThat(heard.surveyedNames()).containsExactly("a");
    assertThat(catalog.totals().of(State.FRESH)).isEqualTo(new Count(5, 5 * BYTES));
  }

  @Test
  void run_directoryReach_readsNewDirectoriesWithAllBelow() throws IOException {
    someTree();
    sweep("", FULL);
    tree.fresh("a/new/x/y/m.py");
    Heard heard = sweep("a", DIRECTORY);
    assertThat(heard.surveyedNames()).containsExactly("a", "a/new", "a/new/x", "a/new/x/y");
    assertThat(shop.known(catalog)).isEqualTo(shop.afresh());
  }

  @Test
  void run_directoryReach_readsDirectoriesWhoseSourceHasGoneWithAllBelow() throws IOException {
    someTree();
    sweep("", FULL);
    Files.delete(tree.root().resolve("a/b/m.py"));
    Files.delete(tree.root().resolve("a/b"));
    Heard heard = sweep("a", DIRECTORY);
    assertThat(heard.surveyedNames()).containsExactly("a", "a/b");
    assertThat(catalog.totals().of(State.ORPHANED)).isEqualTo(new Count(1, BYTES));
  }

  @Test
  void run_directoryReach_forgetsDirectoriesThatHaveGone() throws IOException {
    someTree();
    sweep("", FULL);
    Files.delete(tree.bytecode("c/m.py"));
    Files.delete(tree.mirror("c"));
    Files.delete(tree.root().resolve("c/m.py"));
    Files.delete(tree.root().resolve("c"));
    assertThat(sweep("", DIRECTORY).surveyedNames()).containsExactly("");
    assertThat(shop.known(catalog)).isEqualTo(shop.afresh());
    assertThat(catalog.pairs()).isEqualTo(3);
  }

  @Test
  void run_treeReach_staysBelow() throws IOException {
    someTree();
    sweep("", FULL);
    assertThat(sweep("a", TREE).surveyedNames()).containsExactly("a", "a/b");
  }

  @Test
  void run_directoryThatWasNeverSeen_isItsParentsNews() throws IOException {
    someTree();
    sweep("", FULL);
    tree.fresh("a/new/x/m.py");
    assertThat(sweep("a/new/x", DIRECTORY).surveyedNames())
        .containsExactly("a", "a/new", "a/new/x");
    assertThat(shop.known(catalog)).isEqualTo(shop.afresh());
  }

  @Test
  void run_directoryThatDoesNotExist_isItsParents() throws IOException {
    someTree();
    sweep("", FULL);
    assertThat(sweep("a/no/such", DIRECTORY).surveyedNames()).containsExactly("a");
  }

  // What is not the territory's.

  @Test
  void run_excludedDirectories_areLeftAlone() throws IOException {
    Path left = tree.orphan("a/excluded/x/m.py");
    Path cached = tree.orphan("a/__pycache__/m.py");
    tree.fresh("a/m.py");
    clock.advance(OLD);
    Heard heard = sweep("", FULL);
    assertThat(heard.surveyedNames()).containsExactly("", "a");
    assertThat(sweep("a/excluded/x", FULL).surveyedNames()).containsExactly("a");
    assertThat(left).exists();
    assertThat(cached).exists();
    assertThat(catalog.totals().of(State.ORPHANED)).isEqualTo(Count.ZERO);
  }

  @Test
  void run_nestedProjects_countEachFileOnce() throws IOException {
    Reconciling both =
        Reconciling.of(
            tree,
            clock,
            tree.project(),
            PycacheTree.project("inner", tree.root().resolve("a/inner")));
    tree.fresh("a/m.py");
    tree.fresh("a/inner/one.py");
    tree.fresh("a/inner/x/two.py");
    Path elsewhere = Files.createDirectories(tree.top().resolve("opt"));
    tree.compile(Files.writeString(elsewhere.resolve("three.py"), ""), 0);
    List<TerritoryStatus> statuses =
        new SinglePass(both.territories(), both.pairs())
            .run(Mode.SURVEY, new ReconcileListener() {});
    assertThat(statuses)
        .extracting(status -> status.territory().name())
        .containsExactly("shop", "inner", "unclaimed");
    assertThat(statuses)
        .extracting(status -> status.totals().of(State.FRESH).files())
        .containsExactly(1L, 2L, 1L);
    assertThat(statuses).extracting(TerritoryStatus::sources).containsExactly(1L, 2L, 1L);
  }

  @Test
  void run_prefixInsideTheTree_isNotSourceOfItself() throws IOException {
    Path top = tree.top();
    Reconciling all = Reconciling.of(tree, clock, PycacheTree.project("all", top));
    tree.fresh("m.py");
    Heard heard = new Heard();
    new Sweep(all.first(), catalog, all.pairs(), Mode.APPLY, Optional.empty(), heard)
        .run(pool, all.path(""), FULL);
    assertThat(heard.surveyedNames()).containsExactly("", "srv", "srv/shop");
    assertThat(catalog.totals().of(State.FRESH)).isEqualTo(new Count(1, BYTES));
  }

  // Deleting.

  @Test
  void run_apply_deletesAndCountsWhatIsLeft() throws IOException {
    Path gone = tree.orphan("a/gone.py");
    Path fresh = tree.fresh("a/m.py");
    clock.advance(OLD);
    Heard heard = sweep("", TREE);
    assertThat(heard.outcomes())
        .containsExactly(new Outcome.Deleted(gone, "source-missing", BYTES, tree.noSource(gone)));
    assertThat(gone).doesNotExist();
    assertThat(fresh).exists();
    assertThat(shop.known(catalog)).isEqualTo(shop.afresh());
    assertThat(sweep("", TREE).outcomes()).isEmpty();
  }

  @Test
  void run_young_waitsAndTellsUntilWhen() throws IOException {
    tree.fresh("a/m.py");
    Path gone = tree.orphan("a/gone.py");
    Heard heard = sweep("", TREE);
    assertThat(heard.outcomes()).isEmpty();
    assertThat(heard.waits())
        .containsEntry(shop.path("a"), clock.instant().plus(Duration.ofMinutes(10)));
    clock.advance(Duration.ofMinutes(10));
    assertThat(sweep("a", DIRECTORY).outcomes())
        .containsExactly(new Outcome.Deleted(gone, "source-missing", BYTES, tree.noSource(gone)));
  }

  /** Until then nothing is read again; then a survey of the tree is enough to delete it. */
  @Test
  void run_youngOrphan_isVouchedForUntilItIsOldEnough() throws IOException {
    tree.fresh("a/m.py");
    Path gone = tree.orphan("a/gone.py");
    clock.advance(SETTLED);
    sweep("", TREE);
    clock.advance(Duration.ofMinutes(9));
    assertThat(sweep("", TREE).surveyed()).isEmpty();
    assertThat(catalog.totals().of(State.ORPHANED)).isEqualTo(new Count(1, BYTES));
    tree.source("a/gone.py", 1);
    assertThat(sweep("", TREE).surveyedNames()).containsExactly("a");
    Files.delete(tree.root().resolve("a/gone.py"));
    clock.advance(Duration.ofMinutes(1));
    assertThat(sweep("", TREE).outcomes())
        .containsExactly(new Outcome.Deleted(gone, "source-missing", BYTES, tree.noSource(gone)));
    assertThat(shop.known(catalog)).isEqualTo(shop.afresh());
  }

  @Test
  void run_dryRun_tellsWhatItWouldDoAndDoesNothing() throws IOException {
    Path gone = tree.orphan("a/b/gone.py");
    tree.source("m.py", 1);
    Files.delete(tree.root().resolve("a/b"));
    Files.delete(tree.root().resolve("a"));
    clock.advance(OLD);
    Heard dry = shop.sweep(new Catalog(), "", FULL, Mode.DRY_RUN, pool);
    assertThat(gone).exists();
    Heard real = sweep("", FULL);
    assertThat(real.outcomes()).containsExactlyElementsOf(dry.outcomes());
    assertThat(real.outcomes())
        .containsExactly(
            new Outcome.Deleted(gone, "source-missing", BYTES, tree.noSource(gone)),
            new Outcome.Removed(tree.mirror("a/b")),
            new Outcome.Removed(tree.mirror("a")));
    assertThat(tree.mirror("a")).doesNotExist();
    assertThat(tree.mirror("")).exists();
    assertThat(shop.known(catalog)).isEqualTo(shop.afresh());
  }

  @Test
  void run_emptyMirrorOfSourcesThatAreThere_goesWhenItIsOld() throws IOException {
    tree.source("a/m.py", 1);
    Path mirror = Files.createDirectories(tree.mirror("a"));
    clock.advance(SETTLED);
    Heard young = sweep("", TREE);
    assertThat(young.outcomes()).isEmpty();
    assertThat(young.waits()).containsOnlyKeys(shop.path("a"));
    clock.advance(OLD);
    assertThat(sweep("", TREE).outcomes()).containsExactly(new Outcome.Removed(mirror));
    assertThat(shop.known(catalog)).isEqualTo(shop.afresh());
  }

  @Test
  void run_mirrorWithASubdirectoryInUse_stays() throws IOException {
    tree.orphan("a/gone.py");
    Path foreign = Files.createDirectories(tree.mirror("a/b")).resolve("notes");
    Files.writeString(foreign, "mine");
    tree.source("m.py", 1);
    Files.delete(tree.root().resolve("a"));
    clock.advance(OLD);
    Heard heard = sweep("", TREE);
    assertThat(heard.outcomes()).hasSize(1).allMatch(Outcome.Deleted.class::isInstance);
    assertThat(foreign).exists();
    assertThat(shop.known(catalog)).isEqualTo(shop.afresh());
  }

  /** Between the look and the removal somebody writes to it. */
  @Test
  void run_emptyMirrorThatIsUsedAgain_stays() throws IOException {
    tree.source("a/m.py", 1);
    Path mirror = Files.createDirectories(tree.mirror("a"));
    clock.advance(OLD);
    Path real = FaultyFileSystem.unwrap(mirror);
    disk.fault(
        (operation, path) -> {
          if (operation == Operation.DELETE_DIRECTORY && path.equals(real)) {
            Files.write(real.resolve("m.cpython-312.pyc"), new byte[3]);
          }
        });
    assertThat(sweep("", TREE).outcomes()).isEmpty();
    assertThat(mirror.resolve("m.cpython-312.pyc")).exists();
    disk.fault((operation, path) -> {});
    sweep("", TREE);
    assertThat(shop.known(catalog)).isEqualTo(shop.afresh());
  }

  /** A child alone was visited: that its parent is empty now is the parent's news. */
  @Test
  void run_removedMirror_hasItsParentVisited() throws IOException {
    tree.orphan("a/b/gone.py");
    sweep("", TREE);
    clock.advance(OLD);
    Heard heard = sweep("a/b", DIRECTORY);
    assertThat(heard.outcomes()).contains(new Outcome.Removed(tree.mirror("a/b")));
    assertThat(heard.waits()).containsKey(shop.path("a"));
    assertThat(heard.waits().get(shop.path("a"))).isBefore(clock.instant());
  }

  // A root that goes and comes back.

  @Test
  void run_rootMovedAway_deletesNothingUntilItIsBack() throws IOException {
    someTree();
    tree.orphan("a/gone.py");
    sweep("", TREE);
    TerritoryStatus before = shop.known(catalog);
    Path away = Files.move(tree.root(), tree.top().resolve("away"));
    clock.advance(OLD);
    Heard gone = sweep("", TREE);
    assertThat(gone.outcomes()).isEmpty();
    assertThat(catalog.vanished()).isPresent();
    assertThat(catalog.sources()).isZero();
    assertThat(catalog.totals())
        .isEqualTo(
            new Totals(Map.of("cpython-312", Map.of(State.UNVERIFIABLE, new Count(5, 5 * BYTES)))));
    // An unmounted disk leaves an empty directory.
    Files.createDirectory(tree.root());
    assertThat(sweep("", FULL).outcomes()).isEmpty();
    assertThat(catalog.totals().of(State.UNVERIFIABLE)).isEqualTo(new Count(5, 5 * BYTES));
    Files.delete(tree.root());
    Files.move(away, tree.root());
    shop.sweep(catalog, "", TREE, Mode.SURVEY, pool);
    assertThat(catalog.vanished()).isEmpty();
    assertThat(catalog.totals()).isEqualTo(before.totals());
    assertThat(catalog.sources()).isEqualTo(before.sources());
    assertThat(catalog.pairs()).isEqualTo(before.pairs());
  }

  @Test
  void run_directoryOfARootThatIsGone_deletesNothing() throws IOException {
    Path gone = tree.orphan("a/gone.py");
    tree.source("m.py", 1);
    sweep("", TREE);
    Files.move(tree.root(), tree.top().resolve("away"));
    clock.advance(OLD);
    assertThat(sweep("a", DIRECTORY).outcomes()).isEmpty();
    assertThat(gone).exists();
    assertThat(catalog.vanished()).isPresent();
  }

  // What cannot be read.

  @Test
  void run_unreadableMirror_isToldAndKeptAndTheRestDone() throws IOException {
    someTree();
    Path gone = tree.orphan("c/gone.py");
    sweep("", TREE);
    clock.advance(OLD);
    refuse(Operation.OPEN_DIRECTORY, tree.mirror("a"));
    Heard heard = sweep("", FULL);
    assertThat(heard.failed()).containsOnlyKeys(tree.mirror("a"));
    assertThat(heard.failed().get(tree.mirror("a"))).isInstanceOf(AccessDeniedException.class);
    assertThat(heard.outcomes())
        .containsExactly(new Outcome.Deleted(gone, "source-missing", BYTES, tree.noSource(gone)));
    assertThat(catalog.totals().of(State.FRESH)).isEqualTo(new Count(4, 4 * BYTES));
    disk.fault((operation, path) -> {});
    assertThat(sweep("", TREE).failed()).isEmpty();
    assertThat(shop.known(catalog)).isEqualTo(shop.afresh());
  }

  @Test
  void run_mirrorThatCannotBeListed_isToldAndKept() throws IOException {
    someTree();
    sweep("", TREE);
    refuse(Operation.LIST, tree.mirror("a"));
    Heard heard = sweep("", TREE);
    assertThat(heard.failed()).containsOnlyKeys(tree.mirror("a"));
    assertThat(catalog.totals().of(State.FRESH)).isEqualTo(new Count(4, 4 * BYTES));
  }

  @Test
  void run_unreadableSourceDirectory_makesNoOrphans() throws IOException {
    someTree();
    Path gone = tree.orphan("a/gone.py");
    sweep("", TREE);
    clock.advance(OLD);
    Path refused = FaultyFileSystem.unwrap(tree.root().resolve("a"));
    disk.fault(
        (operation, path) -> {
          boolean inside = path.startsWith(refused) && !path.equals(refused);
          if (inside || (operation == Operation.OPEN_DIRECTORY && path.equals(refused))) {
            throw new AccessDeniedException(path.toString());
          }
        });
    Heard heard = sweep("", FULL);
    assertThat(heard.outcomes()).isEmpty();
    assertThat(gone).exists();
    assertThat(catalog.totals().of(State.UNVERIFIABLE)).isEqualTo(new Count(3, 3 * BYTES));
    assertThat(catalog.totals().of(State.FRESH)).isEqualTo(new Count(2, 2 * BYTES));
  }

  @Test
  void run_sourceDirectoryThatCannotBeListed_deletesNothingInIt() throws IOException {
    Path gone = tree.orphan("a/gone.py");
    tree.source("m.py", 1);
    clock.advance(OLD);
    refuse(Operation.LIST, tree.root().resolve("a"));
    Heard heard = sweep("", FULL);
    assertThat(heard.outcomes()).isEmpty();
    assertThat(gone).exists();
    assertThat(catalog.totals().of(State.UNVERIFIABLE)).isEqualTo(new Count(1, BYTES));
  }

  @Test
  void run_listenerThatThrows_doesNotKeepTheRestFromBeingDone() throws IOException {
    someTree();
    Heard heard = new Heard();
    ReconcileListener tripping =
        new ReconcileListener() {
          @Override
          public void surveyed(Territory territory, Survey survey) {
            if (survey.pair().mirror().endsWith("b")) {
              throw new IllegalStateException("tripped");
            }
          }
        };
    new Sweep(
            shop.first(),
            catalog,
            shop.pairs(),
            Mode.APPLY,
            Optional.empty(),
            ReconcileListener.both(heard, tripping))
        .run(pool, shop.path(""), FULL);
    assertThat(heard.failed()).containsOnlyKeys(tree.mirror("a/b"));
    assertThat(catalog.totals().of(State.FRESH)).isEqualTo(new Count(3, 3 * BYTES));
  }

  private void refuse(Operation what, Path where) {
    Path real = FaultyFileSystem.unwrap(where);
    disk.fault(
        (operation, path) -> {
          if (operation == what && path.equals(real)) {
            throw new AccessDeniedException(path.toString());
          }
        });
  }

  /** Four fresh files in {@code .}, {@code a}, {@code a/b} and {@code c}. */
  private void someTree() throws IOException {
    tree.fresh("m.py");
    tree.fresh("a/m.py");
    tree.fresh("a/b/m.py");
    tree.fresh("c/m.py");
  }

  private Heard sweep(String relative, Sweep.Reach reach) {
    return shop.sweep(catalog, relative, reach, Mode.APPLY, pool);
  }

  /** Their names are not read again, and yet a full survey looks for what can be adopted. */
  @Test
  void run_fullAgain_stillKnowsWhereAPycacheIs() throws IOException {
    tree.fresh("a/m.py");
    tree.fresh("b/m.py");
    Path first = Files.createDirectory(tree.root().resolve("a/__pycache__"));
    clock.advance(SETTLED);
    sweep("", FULL);
    sweep("", FULL);
    assertThat(pycacheIn("a")).isTrue();
    assertThat(pycacheIn("b")).isFalse();
    Files.delete(first);
    Files.createDirectory(tree.root().resolve("b/__pycache__"));
    clock.advance(SETTLED);
    sweep("", FULL);
    assertThat(pycacheIn("a")).isFalse();
    assertThat(pycacheIn("b")).isTrue();
  }

  private boolean pycacheIn(String directory) {
    return requireNonNull(catalog.find(disk.getPath(directory))).pycache;
  }

  // What is pycached's own.

  @Test
  void run_overTheWholeDisk_leavesTheStateDirectoryAlone() throws IOException {
    tree.orphan(".pycached/gone.py");
    Path state = Files.createDirectory(tree.prefix().path().resolve(".pycached"));
    Path kept = Files.copy(tree.bytecode(".pycached/gone.py"), state.resolve("m.cpython-312.pyc"));
    Files.createDirectory(state.resolve("empty"));
    Files.createDirectory(disk.getPath("/.pycached"));
    clock.advance(OLD);
    Reconciling all =
        Reconciling.of(tree, clock, PycacheTree.project("all", disk.getPath("/")))
            .with(Reconciling.AT_ONCE);
    Heard heard = all.sweep(catalog, "", FULL, Mode.APPLY, pool);
    assertThat(heard.surveyedNames())
        .contains("", "top/srv/shop/.pycached")
        .noneMatch(name -> name.startsWith(".pycached"));
    assertThat(heard.outcomes())
        .filteredOn(Outcome.Deleted.class::isInstance)
        .extracting(Outcome::path)
        .containsExactly(tree.bytecode(".pycached/gone.py"));
    assertThat(kept).exists();
    assertThat(state.resolve("empty")).exists();
    assertThat(tree.mirror(".pycached")).doesNotExist();
  }

  @Test
  void run_overWhatNoProjectClaims_leavesTheStateDirectoryAlone() throws IOException {
    Path state = Files.createDirectory(tree.prefix().path().resolve(".pycached"));
    Path kept = Files.write(state.resolve("m.cpython-312.pyc.1"), new byte[5]);
    Path deeper = Files.createDirectories(tree.prefix().path().resolve("opt/.pycached"));
    Path left = Files.write(deeper.resolve("m.cpython-312.pyc.2"), new byte[7]);
    clock.advance(OLD);
    Heard heard = new Heard();
    new Sweep(
            shop.territories().get(1),
            catalog,
            shop.with(Reconciling.AT_ONCE).pairs(),
            Mode.APPLY,
            Optional.empty(),
            heard)
        .run(pool, shop.path(""), FULL);
    assertThat(heard.surveyedNames())
        .contains("opt/.pycached")
        .noneMatch(name -> name.startsWith(".pycached"));
    assertThat(kept).exists();
    assertThat(left).doesNotExist();
  }
}
