package io.pycached.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.apply.Outcome;
import io.pycached.apply.Pruner;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.Surveyor;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RestraintTest {
  private static final int MANY = 2 * Restraint.FEW;

  /** A device that no file of the tests is on. */
  private static final long ANOTHER = -1;

  private final SetClock clock = new SetClock();
  private final ForkJoinPool pool = new ForkJoinPool(2);
  private final Volumes volumes = new Volumes();
  private Restraint restraint;
  private Chart chart;
  private PycacheTree tree;

  @BeforeEach
  void layOut() throws IOException {
    tree = PycacheTree.inMemory(clock);
    Territory territory = Reconciling.of(tree, clock, tree.project()).first();
    restraint = new Restraint(territory, volumes);
    chart = new Chart(territory, restraint);
  }

  @AfterEach
  void shutDown() {
    pool.shutdownNow();
  }

  @Test
  void run_mostSourcesAreGone_keepsTheirBytecodeAndSaysWhy() throws IOException {
    List<Path> orphans = orphans(MANY);
    fresh(MANY - 1);
    assertThat(round().run(Mode.APPLY)).isZero();
    assertThat(orphans).allSatisfy(orphan -> assertThat(orphan).exists());
    assertThat(restraint.held()).hasValue("the sources of 40 of 79 files seem to be gone at once");
  }

  @Test
  void run_asManyAsMayGo_deletesThemInTheFirstRound() throws IOException {
    orphans(MANY);
    fresh(MANY);
    assertThat(round().run(Mode.APPLY)).isEqualTo(MANY);
    assertThat(restraint.held()).isEmpty();
  }

  @Test
  void run_few_deletesThemWhateverTheirShare() throws IOException {
    orphans(Restraint.FEW);
    tree.source("stays.txt", 1);
    assertThat(round().run(Mode.APPLY)).isEqualTo(Restraint.FEW);
  }

  @Test
  void run_secondSurveyFindsThemStill_deletesThem() throws IOException {
    orphans(MANY);
    fresh(1);
    assertThat(round().run(Mode.APPLY)).isZero();
    assertThat(round().run(Mode.APPLY)).isEqualTo(MANY);
    assertThat(restraint.held()).isEmpty();
  }

  @Test
  void run_someoneAsksForASurvey_isNoSecondOne() throws IOException {
    orphans(MANY);
    fresh(1);
    round().run(Mode.APPLY);
    assertThat(round().run(Errand.of(path(""), Mode.APPLY, Sweep.Reach.FULL))).isZero();
    assertThat(restraint.held()).isPresent();
  }

  @Test
  void run_visitsOfSingleDirectories_areNoSecondSurvey() throws IOException {
    orphans(MANY);
    fresh(1);
    round().run(Mode.APPLY);
    Errand visit = Errand.of(path("lost"), Mode.APPLY, Sweep.Reach.DIRECTORY);
    assertThat(round().run(visit)).isZero();
    assertThat(restraint.held()).isPresent();
  }

  @Test
  void run_sourcesAreBackAtTheSecondSurvey_deletesNothing() throws IOException {
    orphans(MANY);
    fresh(1);
    round().run(Mode.APPLY);
    for (int i = 0; i < MANY; i++) {
      tree.source("lost/m" + i + ".py", 3);
    }
    assertThat(round().run(Mode.APPLY)).isZero();
    assertThat(restraint.held()).isEmpty();
  }

  @Test
  void run_confirmed_deletesThemAtOnce() throws IOException {
    orphans(MANY);
    fresh(1);
    Errand whole = Errand.of(path(""), Mode.APPLY, Sweep.Reach.FULL).confirmed(true);
    assertThat(round().run(whole)).isEqualTo(MANY);
    assertThat(restraint.held()).isEmpty();
  }

  @Test
  void run_dryRun_foreseesTheRestraint() throws IOException {
    orphans(MANY);
    fresh(1);
    assertThat(round().run(Mode.DRY_RUN)).isZero();
    assertThat(restraint.held()).isPresent();
  }

  @Test
  void run_goneOneByOneWithinARound_addUp() throws IOException {
    fresh(MANY);
    round().run(Mode.APPLY);
    int deleted = 0;
    for (int i = 0; i < MANY; i++) {
      Files.delete(tree.root().resolve("there/m" + i + ".py"));
      deleted += round().run(Errand.of(path("there"), Mode.APPLY, Sweep.Reach.DIRECTORY));
    }
    assertThat(deleted).isEqualTo(Restraint.FEW);
    assertThat(restraint.held()).isPresent();
  }

  /** A disk that is not mounted, or another one in its place. */
  @Test
  void run_rootIsOnAnotherFileSystem_keepsAllUntilItIsConfirmed() throws IOException {
    List<Path> orphans = orphans(MANY);
    fresh(1);
    volumes.agree(tree.root(), ANOTHER);
    for (int i = 0; i < 3; i++) {
      assertThat(round().run(Mode.APPLY)).isZero();
    }
    assertThat(orphans).allSatisfy(orphan -> assertThat(orphan).exists());
    assertThat(restraint.held()).isEmpty();
    assertThat(restraint.replaced())
        .hasValue(
            new Unseen(
                true,
                tree.root()
                    + " is on another file system than before, and the sources of 40 of 41 files"
                    + " seem to be gone at once; if that is right: pycached prune --project shop"
                    + " --confirm"));
    Errand whole = Errand.of(path(""), Mode.APPLY, Sweep.Reach.FULL).confirmed(true);
    assertThat(round().run(whole)).isEqualTo(MANY);
    assertThat(restraint.replaced()).isEmpty();
    assertThat(volumes.agreed()).isNotEqualTo(Map.of(tree.root(), ANOTHER));
  }

  /** Of a single directory nobody can say whether the rest is there. */
  @Test
  void run_visitWhileTheRootIsOnAnotherFileSystem_deletesNothing() throws IOException {
    orphans(1);
    fresh(MANY);
    round().run(Mode.SURVEY);
    volumes.agree(tree.root(), ANOTHER);
    assertThat(round().run(Errand.of(path("lost"), Mode.APPLY, Sweep.Reach.DIRECTORY))).isZero();
  }

  @Test
  void run_movedWithAllThatIsInIt_goesOnThere() throws IOException {
    orphans(MANY);
    fresh(MANY);
    volumes.agree(tree.root(), ANOTHER);
    assertThat(round().run(Mode.APPLY)).isEqualTo(MANY);
    assertThat(restraint.replaced()).isEmpty();
    assertThat(volumes.agreed()).isNotEqualTo(Map.of(tree.root(), ANOTHER));
  }

  /** Bytecode without sources, in a directory that is there. */
  private List<Path> orphans(int count) throws IOException {
    List<Path> orphans = new ArrayList<>();
    tree.source("lost/README", 1);
    for (int i = 0; i < count; i++) {
      orphans.add(tree.orphan("lost/m" + i + ".py"));
    }
    return orphans;
  }

  private void fresh(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      tree.fresh("there/m" + i + ".py");
    }
  }

  private Path path(String relative) {
    return tree.root().getFileSystem().getPath(relative);
  }

  /** Counts what it deletes, or would. */
  private final class Counting {
    int run(Mode mode) {
      return run(Errand.of(path(""), mode, Sweep.Reach.TREE).asScheduled());
    }

    int run(Errand errand) {
      Surveyor surveyor = new Surveyor(new SourceHashes(9), BodyCheck.NEVER, clock);
      PairReconciler pairs =
          new PairReconciler(
              surveyor,
              surveyor,
              Reconciling.AT_ONCE,
              true,
              0.5,
              new Pruner(tree.prefix(), surveyor),
              Optional.empty(),
              false,
              Optional.empty(),
              clock);
      Heard heard = new Heard();
      new Round(chart, pairs).run(pool, errand, heard);
      return (int) heard.outcomes().stream().filter(Outcome.Deleted.class::isInstance).count();
    }
  }

  private Counting round() {
    return new Counting();
  }
}
