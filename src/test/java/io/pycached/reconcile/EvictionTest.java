package io.pycached.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.apply.Outcome;
import io.pycached.policy.Bounds;
import io.pycached.policy.EvictionOrder;
import io.pycached.policy.UseClock;
import io.pycached.survey.Survey;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In memory, with access times that the test sets. */
final class EvictionTest {
  private static final long BLOCK = 4_096;

  private final SetClock clock = new SetClock();
  private PycacheTree tree;
  private Reconciling shop;
  private PairReconciler pairs;

  @BeforeEach
  void layOut() throws IOException {
    tree = PycacheTree.inMemory(clock);
    shop = Reconciling.of(tree, clock, tree.project());
    pairs = shop.pairs();
  }

  @Test
  void enforce_tooManyFiles_takesThoseNotUsedForLongest() throws Exception {
    Path oldest = used("a/x", 30);
    Path older = used("z", 20);
    Path younger = used("a/y", 10);
    Path youngest = used("b", 5);
    assertThat(enforce(files(3, 0.7))).isEqualTo(Map.of(oldest, "max-files", older, "max-files"));
    assertThat(younger).exists();
    assertThat(youngest).exists();
  }

  @Test
  void enforce_tooManyBytes_countsWholeBlocks() throws Exception {
    Path older = used("a", 20);
    Path younger = used("b", 10);
    long mirror = Footprint.blocks(Files.size(tree.mirror("")), BLOCK);
    assertThat(enforce(bytes(mirror + 2 * BLOCK, 1))).isEmpty();
    assertThat(enforce(bytes(mirror + 2 * BLOCK - 1, 1))).isEqualTo(Map.of(older, "max-size"));
    assertThat(younger).exists();
  }

  @Test
  void enforce_tooOld_goesWhateverTheRoom() throws Exception {
    Path old = used("a", 31);
    used("b", 29);
    Bounds month =
        new Bounds(
            OptionalLong.empty(), OptionalLong.empty(), Optional.of(Duration.ofDays(30)), 0.9);
    assertThat(enforce(month)).isEqualTo(Map.of(old, "max-age"));
  }

  @Test
  void enforce_usedWithinTheGrace_staysEvenBeyondTheBound() throws Exception {
    Path fresh = used("a", 0);
    assertThat(enforce(files(1, 0.5))).isEmpty();
    Path other = used("b", 0);
    assertThat(enforce(files(1, 1))).isEmpty();
    assertThat(fresh).exists();
    assertThat(other).exists();
  }

  @Test
  void enforce_orphanAndTemporary_goBeforeAnythingUseful() throws Exception {
    Path useful = used("a", 300);
    Path orphan = aged(tree.orphan("b.py"), 1);
    Path temporary =
        aged(Files.write(tree.mirror("").resolve("c.cpython-312.pyc.7"), new byte[9]), 1);
    // Nobody can set back when they last changed.
    clock.advance(Duration.ofHours(2));
    assertThat(enforce(files(2, 0.5)))
        .isEqualTo(Map.of(temporary, "max-files", orphan, "max-files"));
    assertThat(useful).exists();
  }

  @Test
  void enforce_foreignFiles_countAndStay() throws Exception {
    Path useful = used("a", 300);
    Path foreign = aged(Files.write(tree.mirror("").resolve("README"), new byte[9]), 400);
    assertThat(enforce(files(1, 1))).isEqualTo(Map.of(useful, "max-files"));
    assertThat(foreign).exists();
  }

  @Test
  void enforce_hardLinks_countOnce() throws Exception {
    Path one = used("a", 20);
    tree.source("b.py", 3);
    Files.createLink(tree.bytecode("b.py"), one);
    aged(tree.bytecode("b.py"), 20);
    long mirror = Footprint.blocks(Files.size(tree.mirror("")), BLOCK);
    assertThat(enforce(bytes(mirror + BLOCK, 1))).isEmpty();
  }

  @Test
  void enforce_usedBetweenLookAndTouch_stays() throws Exception {
    Path file = used("a", 20);
    Eviction.Sweeper meddling =
        (territory, policy, listener) -> {
          if (policy.isPresent()) {
            pass().sweep(territory, Mode.APPLY, policy, new Reader(file, listener));
          } else {
            pass().sweep(territory, Mode.SURVEY, policy, listener);
          }
        };
    Heard heard = new Heard();
    new Eviction(meddling, order(), BLOCK, clock).enforce(shop.territories(), files(1, 0.1), heard);
    used("b", 20);
    assertThat(file).exists();
  }

  /** Reads a file when its directory has been surveyed and nothing was done yet. */
  private record Reader(Path file, ReconcileListener also) implements ReconcileListener {
    @Override
    public void surveyed(Territory territory, Survey survey) {
      try {
        Files.getFileAttributeView(file, BasicFileAttributeView.class)
            .setTimes(null, FileTime.from(Instant.now().plusSeconds(9)), null);
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
    }

    @Override
    public void happened(Territory territory, Outcome outcome) {
      also.happened(territory, outcome);
    }
  }

  @Test
  void enforce_nothingTooMuch_touchesNothing() throws Exception {
    used("a", 20);
    assertThat(enforce(files(1, 0.1))).isEmpty();
  }

  /** A fresh file that was last used so many days ago. */
  private Path used(String module, long days) throws IOException {
    return aged(tree.fresh(module + ".py"), days);
  }

  private Path aged(Path file, long days) throws IOException {
    FileTime then = FileTime.from(clock.instant().minus(Duration.ofDays(days)));
    FileTime written = FileTime.from(clock.instant().minus(Duration.ofDays(days + 100)));
    Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(written, then, null);
    return file;
  }

  private static Bounds files(long most, double lowWater) {
    return new Bounds(OptionalLong.empty(), OptionalLong.of(most), Optional.empty(), lowWater);
  }

  private static Bounds bytes(long most, double lowWater) {
    return new Bounds(OptionalLong.of(most), OptionalLong.empty(), Optional.empty(), lowWater);
  }

  private EvictionOrder order() {
    return new EvictionOrder(UseClock.STRICTATIME, Set.of(), Duration.ofHours(1));
  }

  private SinglePass pass() {
    return new SinglePass(shop.territories(), pairs);
  }

  private Map<Path, String> enforce(Bounds bounds) throws InterruptedException {
    Heard heard = new Heard();
    SinglePass pass = pass();
    Eviction.Sweeper sweeper =
        (territory, policy, listener) ->
            pass.sweep(territory, policy.isPresent() ? Mode.APPLY : Mode.SURVEY, policy, listener);
    new Eviction(sweeper, order(), BLOCK, clock)
        .enforce(List.copyOf(shop.territories()), bounds, heard);
    return heard.outcomes().stream()
        .map(Outcome.Deleted.class::cast)
        .collect(Collectors.toMap(Outcome.Deleted::path, Outcome.Deleted::reason));
  }
}
