package io.pycached.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.policy.Bounds;
import io.pycached.policy.EvictionOrder;
import io.pycached.policy.UseClock;
import io.pycached.survey.Survey;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A year of environments that come, are used for some days and are abandoned, in memory. It stands
 * for two million files: ten in an environment here are five thousand there.
 */
final class YearTest {
  private static final int ENVIRONMENTS = 400;
  private static final int FILES = 10;
  private static final int LIMIT = 250;
  private static final long SEED = 20_260_304;

  private final SetClock clock = new SetClock();
  private final Random random = new Random(SEED);

  /** One environment, and the day on which it is used for the last time. */
  private record Environment(List<Path> files, int lastDay) {}

  @Test
  void enforce_aYearOfAbandonedEnvironments_staysWithinTheLimitAndCostsTheSameEachDay()
      throws Exception {
    PycacheTree tree = PycacheTree.inMemory(clock);
    Reconciling shop = Reconciling.of(tree, clock, tree.project());
    PairReconciler pairs = shop.pairs();
    List<Environment> environments = new ArrayList<>();
    List<Integer> looked = new ArrayList<>();
    int made = 0;
    for (int day = 0; day < 365; day++) {
      clock.advance(Duration.ofDays(1));
      while (made < (day + 1) * ENVIRONMENTS / 365) {
        environments.add(environment(tree, made++, day + 1 + random.nextInt(5)));
      }
      int today = day;
      List<Path> inUse =
          environments.stream()
              .filter(environment -> environment.lastDay() >= today)
              .flatMap(environment -> environment.files().stream())
              .toList();
      for (Path file : inUse) {
        use(file);
      }
      looked.add(enforce(shop, pairs));
      assertThat(count(tree)).as("day %d, seed %d", day, SEED).isLessThanOrEqualTo(LIMIT);
      assertThat(inUse)
          .as("day %d, seed %d", day, SEED)
          .allSatisfy(file -> assertThat(file).exists());
    }
    assertThat(made).isEqualTo(ENVIRONMENTS);
    // Twice over what there may be, and what came that day: however long it has been going on.
    assertThat(looked).allMatch(files -> files <= 2 * (LIMIT + 2 * FILES));
  }

  private Environment environment(PycacheTree tree, int number, int lastDay) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      files.add(tree.fresh("env%d/lib/m%d.py".formatted(number, i)));
    }
    return new Environment(files, lastDay);
  }

  private void use(Path file) throws IOException {
    FileTime now = FileTime.from(clock.instant());
    Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(null, now, null);
  }

  /** Returns how many files were looked at. */
  private int enforce(Reconciling shop, PairReconciler pairs) throws InterruptedException {
    SinglePass pass = new SinglePass(shop.territories(), pairs);
    Counting counting = new Counting();
    Eviction.Sweeper sweeper =
        (territory, policy, listener) ->
            pass.sweep(
                territory,
                policy.isPresent() ? Mode.APPLY : Mode.SURVEY,
                policy,
                ReconcileListener.both(listener, counting));
    EvictionOrder order = new EvictionOrder(UseClock.STRICTATIME, Set.of(), Duration.ofHours(1));
    Bounds bounds = new Bounds(OptionalLong.empty(), OptionalLong.of(LIMIT), Optional.empty(), 0.9);
    new Eviction(sweeper, order, 4_096, clock)
        .enforce(shop.territories(), bounds, new ReconcileListener() {});
    return counting.files;
  }

  private static final class Counting implements ReconcileListener {
    private int files;

    @Override
    public synchronized void surveyed(Territory territory, Survey survey) {
      files += survey.files().size();
    }
  }

  private static long count(PycacheTree tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree.prefix().path())) {
      return all.filter(Files::isRegularFile).count();
    }
  }
}
