package io.pycached.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.reconcile.Rewrites.Thrash;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RewritesTest {
  private final SetClock clock = new SetClock();
  private final Rewrites rewrites = new Rewrites(clock);
  private PycacheTree tree;
  private Path first;
  private Path second;

  @BeforeEach
  void layOut() throws IOException {
    tree = PycacheTree.inMemory(clock);
    first = tree.fresh("a.py");
    second = tree.fresh("b.py");
    look();
  }

  /** Writes bytecode of {@code bytes} bytes in the place of a file, and a sweep comes by. */
  private void write(Path bytecode, int bytes) throws IOException {
    clock.advance(Duration.ofMinutes(1));
    Files.write(bytecode, Arrays.copyOf(Files.readAllBytes(bytecode), bytes));
    look();
  }

  private void look() {
    Reconciling shop = Reconciling.of(tree, clock, tree.project());
    new Sweep(shop.first(), new Catalog(), shop.pairs(), Mode.SURVEY, Optional.empty(), rewrites)
        .run(ForkJoinPool.commonPool(), shop.path(""), Sweep.Reach.DIRECTORY);
  }

  @Test
  void thrash_twoWritersInTurn_isFoundAtTheThirdReturn() throws IOException {
    for (int i = 0; i < Rewrites.TOO_OFTEN; i++) {
      assertThat(rewrites.thrash()).isEmpty();
      write(second, 30 + i % 2);
    }
    assertThat(rewrites.thrash()).isEmpty();
    Instant since = clock.instant();
    write(second, 31);
    write(second, 30);
    assertThat(rewrites.thrash()).hasValue(new Thrash(1, second, since));
  }

  @Test
  void thrash_severalFiles_tellsHowManyAndTheFirst() throws IOException {
    for (int i = 0; i < 6; i++) {
      write(second, 30 + i % 2);
      write(first, 40 + i % 2);
    }
    assertThat(rewrites.thrash())
        .hasValueSatisfying(
            thrash -> {
              assertThat(thrash.count()).isEqualTo(2);
              assertThat(thrash.first()).isEqualTo(first);
            });
  }

  @Test
  void thrash_sourceIsEditedEachTime_isNone() throws IOException {
    for (int i = 0; i < 10; i++) {
      tree.source("b.py", 7 + i % 2);
      write(second, 30 + i % 2);
    }
    assertThat(rewrites.thrash()).isEmpty();
  }

  @Test
  void thrash_anotherSizeEachTime_isNone() throws IOException {
    for (int i = 0; i < 10; i++) {
      write(second, 30 + i);
    }
    assertThat(rewrites.thrash()).isEmpty();
  }

  @Test
  void thrash_hasEnded_isForgottenInAWhile() throws IOException {
    for (int i = 0; i < 6; i++) {
      write(second, 30 + i % 2);
    }
    assertThat(rewrites.thrash()).isPresent();
    clock.advance(Rewrites.REMEMBERED.plusSeconds(1));
    look();
    assertThat(rewrites.thrash()).isEmpty();
  }
}
