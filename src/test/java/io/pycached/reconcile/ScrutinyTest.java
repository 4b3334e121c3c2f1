package io.pycached.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.pycached.apply.FlawRemover;
import io.pycached.apply.Outcome;
import io.pycached.audit.Auditor;
import io.pycached.audit.FlawLedger;
import io.pycached.audit.FlawLedger.Standing;
import io.pycached.audit.Trusted;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sweeps that audit, in memory. */
final class ScrutinyTest {
  private final SetClock clock = new SetClock();
  private final FlawLedger ledger = new FlawLedger(clock);
  private PycacheTree tree;
  private Path open;
  private Path good;

  @BeforeEach
  void layOut() throws IOException {
    tree = PycacheTree.inMemory(clock);
    open = tree.fresh("open.py");
    good = tree.fresh("good.py");
    mode(open, "rw-rw-rw-");
    mode(good, "rw-r--r--");
    mode(tree.mirror(""), "rwxr-xr-x");
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private Scrutiny scrutiny(boolean removes) throws IOException {
    int user = (int) Files.getAttribute(tree.root(), "unix:uid", LinkOption.NOFOLLOW_LINKS);
    Auditor auditor = new Auditor(new Trusted(user, Optional.empty()));
    Optional<FlawRemover> remover =
        removes ? Optional.of(new FlawRemover(tree.prefix(), auditor)) : Optional.empty();
    return new Scrutiny(auditor, remover, ledger);
  }

  private Heard sweep(boolean removes, Sweep.Reach reach) throws IOException {
    return sweep(scrutiny(removes), reach);
  }

  private Heard sweep(Scrutiny scrutiny, Sweep.Reach reach) {
    Reconciling shop = Reconciling.of(tree, clock, tree.project());
    Heard heard = new Heard();
    new Sweep(
            shop.first(),
            new Catalog(),
            shop.pairs().auditing(scrutiny),
            Mode.APPLY,
            Optional.empty(),
            heard)
        .run(ForkJoinPool.commonPool(), shop.path(""), reach);
    return heard;
  }

  @Test
  void sweep_closeLookByWhoRemoves_deletesWhatIsFlawedThoughItIsFresh() throws IOException {
    Heard heard = sweep(true, Sweep.Reach.DIRECTORY);
    assertThat(heard.outcomes())
        .filteredOn(Outcome.Deleted.class::isInstance)
        .map(Outcome.Deleted.class::cast)
        .extracting(Outcome.Deleted::path, Outcome.Deleted::reason)
        .containsExactly(tuple(open, "world-writable"));
    assertThat(open).doesNotExist();
    assertThat(good).exists();
    assertThat(ledger.standing()).isEmpty();
  }

  @Test
  void sweep_closeLookByWhoOnlyTells_remembersItAndTouchesNothing() throws IOException {
    sweep(false, Sweep.Reach.DIRECTORY);
    assertThat(open).exists();
    assertThat(ledger.standing())
        .extracting(Standing::count, standing -> standing.first().path())
        .containsExactly(tuple(1L, open));
    mode(open, "rw-r--r--");
    sweep(false, Sweep.Reach.DIRECTORY);
    assertThat(ledger.standing()).isEmpty();
  }

  @Test
  void sweep_flawOfTheDirectory_isToldAndLeftAlone() throws IOException {
    mode(open, "rw-r--r--");
    mode(tree.mirror(""), "rwxrwxrwx");
    sweep(true, Sweep.Reach.DIRECTORY);
    assertThat(ledger.standing())
        .extracting(standing -> standing.first().path())
        .containsExactly(tree.mirror(""));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.mirror(""))))
        .isEqualTo("rwxrwxrwx");
  }

  /** What has come with the event is looked at as closely as what it was about. */
  @Test
  void sweep_newDirectoryBelowTheOneThatChanged_isAudited() throws IOException {
    Path below = tree.fresh("pkg/sub/open.py");
    mode(below, "rw-rw-rw-");
    sweep(true, Sweep.Reach.DIRECTORY);
    assertThat(below).doesNotExist();
  }

  /** Its own deletion is an event, and nothing in the mirror says any more what there was. */
  @Test
  void audit_lookedAtAgainBeforeItIsMade_stillOwesIt() throws IOException {
    Scrutiny scrutiny = scrutiny(true);
    assertThat(owed(scrutiny)).containsExactly(open.getFileName());
    assertThat(open).doesNotExist();
    assertThat(owed(scrutiny)).containsExactly(open.getFileName());
    Files.delete(good);
    Files.delete(tree.mirror(""));
    assertThat(owed(scrutiny)).containsExactly(open.getFileName());
  }

  @Test
  void audit_madeAgain_owesNothing() throws IOException {
    Scrutiny scrutiny = scrutiny(true);
    assertThat(owed(scrutiny)).isNotEmpty();
    mode(tree.fresh("open.py"), "rw-r--r--");
    assertThat(owed(scrutiny)).isEmpty();
    Files.delete(open);
    assertThat(owed(scrutiny)).isEmpty();
  }

  @Test
  void audit_sourceGone_owesNothing() throws IOException {
    Scrutiny scrutiny = scrutiny(true);
    assertThat(owed(scrutiny)).isNotEmpty();
    Files.delete(tree.root().resolve("open.py"));
    assertThat(owed(scrutiny)).isEmpty();
  }

  private List<Path> owed(Scrutiny scrutiny) throws IOException {
    sweep(scrutiny, Sweep.Reach.DIRECTORY);
    return scrutiny.owed(tree.mirror("")).stream().map(removal -> removal.file().name()).toList();
  }

  @Test
  void sweep_wholeTree_auditsNothing() throws IOException {
    sweep(true, Sweep.Reach.FULL);
    assertThat(open).exists();
    assertThat(ledger.standing()).isEmpty();
  }
}
