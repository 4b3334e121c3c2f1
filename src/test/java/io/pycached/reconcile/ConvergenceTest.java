package io.pycached.reconcile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.survey.State;
import io.pycached.testing.PycacheTree;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to a tree, and whatever sweeps see of it meanwhile: after one more sweep the
 * catalog knows what somebody would find who had never seen the tree.
 *
 * <p>On the real file system, with a clock an hour ahead of it, so that everything is old enough to
 * be deleted and trusted. Every change gives the directories it touches a time of their own, which
 * stands for the seconds that lie between changes elsewhere.
 */
final class ConvergenceTest {
  private static final int STEPS = 60;
  private static final List<String> DIRECTORIES =
      List.of("", "a", "a/b", "a/b/c", "b", "b/a", "c.d", "a/excluded", "a/inner");
  private static final List<String> MODULES = List.of("m", "n", "o.p");

  private final InstantSource clock =
      InstantSource.offset(InstantSource.system(), Duration.ofHours(1));
  private final ForkJoinPool pool = new ForkJoinPool(2);
  private @TempDir Path top;
  private long ticks;

  @AfterEach
  void shutDown() {
    pool.shutdownNow();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 40);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void run_afterAnythingAtAll_knowsWhatIsThere(long seed) throws IOException {
    PycacheTree tree = PycacheTree.in(top.toRealPath());
    Reconciling shop =
        Reconciling.of(
                tree,
                clock,
                tree.project("**/excluded"),
                PycacheTree.project("inner", tree.root().resolve("a/inner")))
            .with(Reconciling.AT_ONCE);
    Random random = new Random(seed);
    Catalog catalog = new Catalog();
    for (int step = 0; step < STEPS; step++) {
      if (random.nextInt(4) == 0) {
        Sweep.Reach reach = pick(random, List.of(Sweep.Reach.values()));
        Mode mode = random.nextInt(3) == 0 ? Mode.SURVEY : Mode.APPLY;
        shop.sweep(catalog, pick(random, DIRECTORIES), reach, mode, pool);
      } else {
        change(tree, random);
      }
    }
    Heard heard = shop.sweep(catalog, "", Sweep.Reach.TREE, Mode.APPLY, pool);
    assertThat(heard.failed()).isEmpty();
    TerritoryStatus afresh = shop.afresh();
    assertThat(catalog.totals()).isEqualTo(afresh.totals());
    assertThat(catalog.sources()).isEqualTo(afresh.sources());
    assertThat(catalog.pairs()).isEqualTo(afresh.pairs());
    assertThat(catalog.vanished()).isEqualTo(afresh.vanished());
    assertThat(catalog.totals().of(State.ORPHANED)).isEqualTo(Count.ZERO);
  }

  private void change(PycacheTree tree, Random random) throws IOException {
    String name = pick(random, DIRECTORIES) + "/" + pick(random, MODULES) + ".py";
    String source = name.startsWith("/") ? name.substring(1) : name;
    Path path = tree.root().resolve(source);
    Path directory = requireNonNull(path.getParent());
    Path bytecode = tree.bytecode(source);
    Path mirror = requireNonNull(bytecode.getParent());
    switch (random.nextInt(13)) {
      case 0, 1 -> tree.fresh(source);
      case 2 -> tree.stale(source);
      case 3 -> tree.source(source, random.nextInt(20));
      case 4 -> Files.deleteIfExists(path);
      case 5 -> Files.deleteIfExists(bytecode);
      case 6 -> rename(path, path.resolveSibling(pick(random, MODULES) + ".py"));
      case 7 -> rename(bytecode, bytecode.resolveSibling("q.cpython-312.pyc"));
      case 8 -> Files.createDirectories(directory);
      case 9 -> Files.createDirectories(mirror);
      case 10 -> deleteTree(directory);
      case 11 -> deleteTree(mirror);
      case 12 -> rename(directory, tree.root().resolve(pick(random, DIRECTORIES)));
      default -> throw new AssertionError();
    }
    if (Files.isRegularFile(path)) {
      stamp(path);
    }
    for (String any : DIRECTORIES) {
      for (Path either : List.of(tree.root().resolve(any), tree.mirror(any))) {
        if (Files.isDirectory(either)) {
          stamp(either);
        }
      }
    }
  }

  /** Each time another, and long ago. */
  private void stamp(Path path) throws IOException {
    ticks++;
    Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(1_000_000_000 + ticks)));
  }

  private static void rename(Path from, Path to) throws IOException {
    if (Files.exists(from)
        && Files.isDirectory(requireNonNull(to.getParent()))
        && !to.startsWith(from)
        && !from.startsWith(to)
        && Files.notExists(to)) {
      Files.move(from, to);
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failed)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
