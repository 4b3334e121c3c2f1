package io.pycached.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fs.Directory;
import io.pycached.policy.Plan;
import io.pycached.policy.PrunePolicy;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Survey;
import io.pycached.survey.Surveyor;
import io.pycached.testing.FaultyFileSystem;
import io.pycached.testing.FaultyFileSystem.Operation;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the real file system, but for what a kernel would have to be asked to refuse. */
final class PrunerTest {
  private static final PrunePolicy AT_ONCE = new PrunePolicy(Duration.ZERO, Duration.ZERO);

  private @TempDir Path top;
  private PycacheTree tree;

  /** Ahead of the kernel's, so that what was written just now is old enough. */
  private final InstantSource clock =
      InstantSource.offset(InstantSource.system(), Duration.ofHours(1));

  @BeforeEach
  void layOut() throws IOException {
    tree = PycacheTree.in(top.toRealPath());
  }

  // What a plan says is done.

  @Test
  void prune_orphansAndTemporaries_deletesThemAndNothingElse() throws IOException {
    Path fresh = tree.fresh("a/fresh.py");
    Path gone = tree.orphan("a/gone.py");
    Path torn = Files.write(tree.mirror("a").resolve("fresh.cpython-312.pyc.140234"), new byte[3]);
    Path foreign = Files.write(tree.mirror("a").resolve("notes.txt"), new byte[5]);
    assertThat(prune(plan("a")))
        .containsExactly(
            new Outcome.Deleted(
                torn, "temporary", 3, "left by an interrupted writer, or in use by one"),
            new Outcome.Deleted(
                gone, "source-missing", PycacheTree.bytecodeBytes(), tree.noSource(gone)));
    assertThat(list(tree.mirror("a"))).containsExactly(fresh, foreign);
  }

  @Test
  void prune_whoseSourceDirectoryIsGone_deletes() throws IOException {
    Path gone = tree.orphan("a/gone.py");
    tree.source("other.py", 1);
    Files.delete(tree.root().resolve("a"));
    assertThat(prune(plan("a")))
        .containsExactly(
            new Outcome.Deleted(
                gone, "source-missing", PycacheTree.bytecodeBytes(), tree.noSource(gone)));
  }

  // What has changed since is left alone.

  @Test
  void prune_sourceIsBack_skips() throws IOException {
    Path source = tree.source("a/m.py", 7);
    Path file = tree.compile(source, 0);
    Path away = Files.move(source, tree.top().resolve("away.py"));
    Plan plan = plan("a");
    Files.move(away, source);
    assertThat(prune(plan)).containsExactly(new Outcome.Skipped(file, "now fresh"));
    assertThat(file).exists();
  }

  @Test
  void prune_anotherSourceIsBack_skips() throws IOException {
    Path file = tree.orphan("a/m.py");
    Plan plan = plan("a");
    tree.source("a/m.pyw", 123);
    assertThat(prune(plan)).containsExactly(new Outcome.Skipped(file, "now stale"));
  }

  @Test
  void prune_fileTouched_skips() throws IOException {
    Path file = tree.orphan("a/m.py");
    Plan plan = plan("a");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    assertThat(prune(plan)).containsExactly(new Outcome.Skipped(file, "changed"));
    assertThat(file).exists();
  }

  @Test
  void prune_fileReplacedByOneOfTheSameSizeAndTime_skips() throws IOException {
    Path file = tree.orphan("a/m.py");
    Plan plan = plan("a");
    Path other = Files.copy(file, top.resolve("other"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
    assertThat(prune(plan)).containsExactly(new Outcome.Skipped(file, "changed"));
    assertThat(file).exists();
  }

  @Test
  void prune_fileReplacedByALink_skips() throws IOException {
    Path file = tree.orphan("a/m.py");
    Plan plan = plan("a");
    Path outside = Files.move(file, top.resolve("outside"));
    Files.createSymbolicLink(file, outside);
    assertThat(prune(plan)).containsExactly(new Outcome.Skipped(file, "changed"));
    assertThat(outside).exists();
  }

  @Test
  void prune_fileReplacedByADirectory_skips() throws IOException {
    Path file = tree.orphan("a/m.py");
    Plan plan = plan("a");
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(prune(plan)).containsExactly(new Outcome.Skipped(file, "vanished"));
    assertThat(file).isDirectory();
  }

  @Test
  void prune_fileVanished_skipsAndDoesTheRest() throws IOException {
    Path first = tree.orphan("a/first.py");
    Path second = tree.orphan("a/second.py");
    Plan plan = plan("a");
    Files.delete(first);
    assertThat(prune(plan))
        .containsExactly(
            new Outcome.Skipped(first, "vanished"),
            new Outcome.Deleted(
                second, "source-missing", PycacheTree.bytecodeBytes(), tree.noSource(second)));
  }

  @Test
  void prune_mirrorVanished_skips() throws IOException {
    Path file = tree.orphan("a/m.py");
    Plan plan = plan("a");
    Files.delete(file);
    Files.delete(tree.mirror("a"));
    assertThat(prune(plan)).containsExactly(new Outcome.Skipped(tree.mirror("a"), "vanished"));
  }

  @Test
  void prune_rootVanished_skipsEverything() throws IOException {
    Path file = tree.orphan("a/m.py");
    tree.source("other.py", 1);
    Plan plan = plan("a");
    Files.move(tree.root(), top.resolve("elsewhere"));
    assertThat(prune(plan)).containsExactly(new Outcome.Skipped(file, "now unverifiable"));
    assertThat(file).exists();
  }

  @Test
  void prune_rootEmptyAsAnUnmountedDisk_skipsEverything() throws IOException {
    Path file = tree.orphan("a/m.py");
    tree.source("other.py", 1);
    Plan plan = plan("a");
    Files.move(tree.root(), top.resolve("elsewhere"));
    Files.createDirectory(tree.root());
    assertThat(prune(plan)).containsExactly(new Outcome.Skipped(file, "now unverifiable"));
    assertThat(file).exists();
  }

  // Nothing is deleted by a way that is not the one that was surveyed.

  /** Each component below the prefix, in turn, becomes a link to a tree of the same shape. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b", "a/b/c"})
  void prune_componentSwappedForALink_deletesNothing(String swapped) throws IOException {
    Path file = tree.orphan("a/b/c/m.py");
    tree.source("other.py", 1);
    Plan plan = plan("a/b/c");
    Path component = tree.mirror(swapped);
    Path outside = Files.move(component, top.resolve("outside"));
    Files.createSymbolicLink(component, outside);
    assertThat(file).exists();
    List<Outcome> outcomes = prune(plan);
    assertThat(outcomes).hasSize(1);
    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Failed.class);
    assertThat(outcomes.get(0).path()).isEqualTo(tree.mirror("a/b/c"));
    assertThat(((Outcome.Failed) outcomes.get(0)).failure())
        .isInstanceOf(NotDirectoryException.class);
    assertThat(file).exists();
  }

  @Test
  void prune_mirrorSwappedForAnotherDirectory_deletesNothing() throws IOException {
    Path file = tree.orphan("a/m.py");
    Plan plan = plan("a");
    Files.move(tree.mirror("a"), top.resolve("outside"));
    tree.orphan("a/m.py");
    List<Outcome> outcomes = prune(plan);
    assertThat(outcomes).hasSize(1);
    assertThat(((Outcome.Failed) outcomes.get(0)).failure())
        .hasMessageContaining("another directory has taken its place");
    assertThat(file).exists();
    assertThat(list(top.resolve("outside"))).hasSize(1);
  }

  /** The swap comes after the last look: the open directory is what is deleted in. */
  @Test
  void prune_mirrorSwappedDuringTheDeletions_deletesOnlyWhatWasJudged() throws IOException {
    SetClock time = new SetClock();
    FileSystem memory = PycacheTree.memory(time);
    FaultyFileSystem faulty = new FaultyFileSystem(memory);
    PycacheTree shop = PycacheTree.in(faulty.getPath("/top"));
    Path file = shop.orphan("a/m.py");
    Path mirror = FaultyFileSystem.unwrap(shop.mirror("a"));
    Path moved = memory.getPath("/moved");
    Path victim = Files.createDirectory(memory.getPath("/victim"));
    Files.write(victim.resolve("m.cpython-312.pyc"), new byte[1]);
    Plan plan = plan(shop, "a", time);
    faulty.fault(
        (operation, path) -> {
          if (operation == Operation.DELETE && Files.notExists(moved)) {
            Files.move(mirror, moved);
            Files.createSymbolicLink(mirror, victim);
          }
        });
    assertThat(prune(shop, plan, time))
        .containsExactly(
            new Outcome.Deleted(
                file, "source-missing", PycacheTree.bytecodeBytes(), shop.noSource(file)));
    assertThat(victim.resolve("m.cpython-312.pyc")).exists();
    assertThat(list(moved)).isEmpty();
    assertThat(faulty.open()).isZero();
  }

  // What cannot be done is told, and the rest done.

  @Test
  void prune_permissionDenied_failsThatOneAndDoesTheRest() throws IOException {
    SetClock time = new SetClock();
    FaultyFileSystem faulty = new FaultyFileSystem(PycacheTree.memory(time));
    PycacheTree shop = PycacheTree.in(faulty.getPath("/top"));
    Path first = shop.orphan("a/first.py");
    Path second = shop.orphan("a/second.py");
    Plan plan = plan(shop, "a", time);
    faulty.fault(
        (operation, path) -> {
          if (operation == Operation.DELETE && path.toString().contains("first")) {
            throw new AccessDeniedException(path.toString());
          }
        });
    List<Outcome> outcomes = prune(shop, plan, time);
    assertThat(outcomes).hasSize(2);
    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Failed.class);
    assertThat(outcomes.get(0).path()).isEqualTo(first);
    assertThat(outcomes.get(1))
        .isEqualTo(
            new Outcome.Deleted(
                second, "source-missing", PycacheTree.bytecodeBytes(), shop.noSource(second)));
    assertThat(first).exists();
    assertThat(faulty.open()).isZero();
  }

  @Test
  void prune_mirrorCannotBeOpened_fails() throws IOException {
    SetClock time = new SetClock();
    FaultyFileSystem faulty = new FaultyFileSystem(PycacheTree.memory(time));
    PycacheTree shop = PycacheTree.in(faulty.getPath("/top"));
    Path file = shop.orphan("a/m.py");
    Plan plan = plan(shop, "a", time);
    Path mirror = FaultyFileSystem.unwrap(shop.mirror("a"));
    faulty.fault(
        (operation, path) -> {
          if (operation == Operation.OPEN_DIRECTORY && path.equals(mirror)) {
            throw new AccessDeniedException(path.toString());
          }
        });
    List<Outcome> outcomes = prune(shop, plan, time);
    assertThat(outcomes).hasSize(1);
    assertThat(((Outcome.Failed) outcomes.get(0)).failure())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(file).exists();
    assertThat(faulty.open()).isZero();
  }

  // Empty mirrors.

  @Test
  void removeDirectory_empty_removesIt() throws IOException {
    Path mirror = Files.createDirectories(tree.mirror("a/b"));
    assertThat(pruner(tree, clock).removeDirectory(mirror)).contains(new Outcome.Removed(mirror));
    assertThat(mirror).doesNotExist();
    assertThat(tree.mirror("a")).exists();
  }

  @Test
  void removeDirectory_directlyInThePrefix_removesIt() throws IOException {
    Path mirror = Files.createDirectory(tree.prefix().path().resolve("srv"));
    assertThat(pruner(tree, clock).removeDirectory(mirror)).contains(new Outcome.Removed(mirror));
  }

  @Test
  void removeDirectory_inUse_doesNothing() throws IOException {
    Path file = tree.fresh("a/m.py");
    assertThat(pruner(tree, clock).removeDirectory(tree.mirror("a"))).isEmpty();
    assertThat(file).exists();
  }

  @Test
  void removeDirectory_gone_doesNothing() {
    assertThat(pruner(tree, clock).removeDirectory(tree.mirror("a/b"))).isEmpty();
  }

  @Test
  void removeDirectory_prefixItself_doesNothing() {
    assertThat(pruner(tree, clock).removeDirectory(tree.prefix().path())).isEmpty();
    assertThat(tree.prefix().path()).exists();
  }

  @Test
  void removeDirectory_behindALink_fails() throws IOException {
    Path outside = Files.createDirectories(top.resolve("outside/b"));
    Files.createDirectories(tree.mirror(""));
    Files.createSymbolicLink(tree.mirror("a"), outside.getParent());
    Optional<Outcome> outcome = pruner(tree, clock).removeDirectory(tree.mirror("a/b"));
    assertThat(outcome).get().isInstanceOf(Outcome.Failed.class);
    assertThat(outside).exists();
  }

  @Test
  void removeDirectory_isALink_fails() throws IOException {
    Path outside = Files.createDirectories(top.resolve("outside"));
    Files.createDirectories(tree.mirror(""));
    Files.createSymbolicLink(tree.mirror("a"), outside);
    Optional<Outcome> outcome = pruner(tree, clock).removeDirectory(tree.mirror("a"));
    assertThat(outcome).get().isInstanceOf(Outcome.Failed.class);
    assertThat(tree.mirror("a")).isSymbolicLink();
    assertThat(outside).exists();
  }

  private Plan plan(String directory) throws IOException {
    return plan(tree, directory, clock);
  }

  private static Plan plan(PycacheTree tree, String directory, InstantSource clock)
      throws IOException {
    DirectoryPair pair = pair(tree, directory);
    try (Directory mirror = Directory.openFollowing(pair.mirror())) {
      Survey survey =
          surveyor(clock).survey(pair, source(tree, pair), Optional.of(mirror), Optional.empty());
      return AT_ONCE.plan(survey, clock.instant());
    }
  }

  private List<Outcome> prune(Plan plan) {
    return prune(tree, plan, clock);
  }

  private static List<Outcome> prune(PycacheTree tree, Plan plan, InstantSource clock) {
    return pruner(tree, clock).prune(plan, () -> source(tree, plan.survey().pair()));
  }

  private static Pruner pruner(PycacheTree tree, InstantSource clock) {
    return new Pruner(tree.prefix(), surveyor(clock));
  }

  private static Surveyor surveyor(InstantSource clock) {
    return new Surveyor(new SourceHashes(10), BodyCheck.NEVER, clock);
  }

  private static DirectoryPair pair(PycacheTree tree, String directory) {
    Path source = tree.root().resolve(directory);
    return new DirectoryPair(source, source, tree.mirror(directory));
  }

  private static SourceSide source(PycacheTree tree, DirectoryPair pair) {
    return SourceSide.ofRoot(tree.root()).descend(tree.root().relativize(pair.directory()));
  }

  private static List<Path> list(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (var stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    }
    entries.sort(null);
    return entries;
  }
}
