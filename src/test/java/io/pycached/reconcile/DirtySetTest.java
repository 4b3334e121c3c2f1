package io.pycached.reconcile;

import static io.pycached.reconcile.Sweep.Reach.DIRECTORY;
import static io.pycached.reconcile.Sweep.Reach.FULL;
import static io.pycached.reconcile.Sweep.Reach.TREE;
import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.reconcile.DirtySet.Visit;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class DirtySetTest {
  private static final Path ROOT = Path.of("");
  private static final Path A = Path.of("a");
  private static final Path B = Path.of("b");
  private static final long DEBOUNCE = 100;

  /** Close to where {@code nanoTime} wraps round: only differences count. */
  private static final long START = Long.sum(Long.MAX_VALUE, -150);

  private static final int MANY = 100;

  private final DirtySet dirty = new DirtySet(ROOT, DEBOUNCE);

  // When.

  @Test
  void mark_once_isDueAfterTheDebounce() {
    dirty.mark(A, DIRECTORY, START);
    assertThat(dirty.nextDue(START) - START).isEqualTo(DEBOUNCE);
    assertThat(dirty.takeDue(START + DEBOUNCE - 1, MANY)).isEmpty();
    assertThat(dirty.takeDue(START + DEBOUNCE, MANY)).containsExactly(new Visit(A, DIRECTORY));
    assertThat(dirty.size()).isZero();
  }

  @Test
  void mark_again_startsTheQuietAnew() {
    dirty.mark(A, DIRECTORY, START);
    dirty.mark(A, DIRECTORY, START + 60);
    assertThat(dirty.nextDue(START) - START).isEqualTo(60 + DEBOUNCE);
    assertThat(dirty.size()).isEqualTo(1);
  }

  @Test
  void mark_allTheTime_isDueAfterTenDebouncesAllTheSame() {
    for (int at = 0; at <= 2_000; at += 50) {
      dirty.mark(A, DIRECTORY, START + at);
    }
    assertThat(dirty.nextDue(START) - START).isEqualTo(DirtySet.MAX_DEBOUNCES * DEBOUNCE);
  }

  @Test
  void mark_ofWhatWaitsForLater_isDueAfterTheDebounce() {
    dirty.markAt(A, DIRECTORY, START + 60_000);
    dirty.mark(A, DIRECTORY, START + 7);
    assertThat(dirty.nextDue(START) - START).isEqualTo(7 + DEBOUNCE);
    dirty.mark(A, DIRECTORY, START + 50);
    assertThat(dirty.nextDue(START) - START).isEqualTo(50 + DEBOUNCE);
  }

  @Test
  void markAt_ofWhatIsDueSooner_doesNotHoldItUp() {
    dirty.mark(A, DIRECTORY, START);
    dirty.markAt(A, DIRECTORY, START + 60_000);
    assertThat(dirty.nextDue(START) - START).isEqualTo(DEBOUNCE);
  }

  @Test
  void markAt_twice_isDueWithTheFirst() {
    dirty.markAt(A, DIRECTORY, START + 70_000);
    dirty.markAt(A, DIRECTORY, START + 60_000);
    dirty.markAt(A, DIRECTORY, START + 80_000);
    assertThat(dirty.nextDue(START) - START).isEqualTo(60_000);
  }

  @Test
  void nextDue_ofNothing_isFarOff() {
    assertThat(dirty.nextDue(START) - START).isGreaterThan(Long.MAX_VALUE / 4);
  }

  @Test
  void nextDue_ofSeveral_isTheFirst() {
    dirty.markAt(A, DIRECTORY, START + 300);
    dirty.markAt(B, DIRECTORY, START + 200);
    assertThat(dirty.nextDue(START) - START).isEqualTo(200);
  }

  // What.

  @Test
  void mark_withMoreReach_reachesFurther() {
    dirty.mark(A, DIRECTORY, START);
    dirty.mark(A, FULL, START);
    dirty.mark(A, TREE, START);
    assertThat(dirty.takeDue(START + DEBOUNCE, MANY)).containsExactly(new Visit(A, FULL));
  }

  @Test
  void takeDue_several_answersByPathWhatIsDue() {
    dirty.markAt(B, TREE, START);
    dirty.markAt(A, DIRECTORY, START);
    dirty.markAt(Path.of("a/late"), DIRECTORY, START + 1);
    dirty.markAt(ROOT, DIRECTORY, START);
    assertThat(dirty.takeDue(START, MANY))
        .containsExactly(new Visit(ROOT, DIRECTORY), new Visit(A, DIRECTORY), new Visit(B, TREE));
    assertThat(dirty.size()).isEqualTo(1);
  }

  @Test
  void takeDue_moreThanAsked_leavesTheRest() {
    dirty.markAt(A, DIRECTORY, START);
    dirty.markAt(B, DIRECTORY, START);
    assertThat(dirty.takeDue(START, 1)).containsExactly(new Visit(A, DIRECTORY));
    assertThat(dirty.takeDue(START, 1)).containsExactly(new Visit(B, DIRECTORY));
  }

  @Test
  void takeDue_tree_swallowsWhatIsBelow() {
    dirty.markAt(A, TREE, START);
    dirty.markAt(Path.of("a/x"), DIRECTORY, START);
    dirty.markAt(Path.of("a/x/y"), TREE, START);
    dirty.markAt(Path.of("ab"), DIRECTORY, START);
    assertThat(dirty.takeDue(START, MANY))
        .containsExactly(new Visit(A, TREE), new Visit(Path.of("ab"), DIRECTORY));
    assertThat(dirty.size()).isZero();
  }

  /** By bytes {@code a.b} sorts between {@code a} and {@code a/x}. */
  @Test
  void takeDue_otherTreeInBetween_stillSwallowsWhatIsBelow() {
    dirty.markAt(A, TREE, START);
    dirty.markAt(Path.of("a.b"), TREE, START);
    dirty.markAt(Path.of("a/x"), DIRECTORY, START);
    assertThat(dirty.takeDue(START, MANY))
        .containsExactly(new Visit(A, TREE), new Visit(Path.of("a.b"), TREE));
  }

  @Test
  void takeDue_rootsTree_swallowsEverything() {
    dirty.markAt(ROOT, TREE, START);
    dirty.markAt(Path.of("a/x"), DIRECTORY, START);
    assertThat(dirty.takeDue(START, MANY)).containsExactly(new Visit(ROOT, TREE));
    assertThat(dirty.size()).isZero();
  }

  @Test
  void takeDue_treeAboveWhatIsToBeReadInFull_keepsBoth() {
    dirty.markAt(ROOT, TREE, START);
    dirty.markAt(A, FULL, START);
    dirty.markAt(Path.of("a/x"), TREE, START);
    assertThat(dirty.takeDue(START, MANY))
        .containsExactly(new Visit(ROOT, TREE), new Visit(A, FULL));
  }

  @Test
  void takeDue_tree_leavesWhatWaitsBelow() {
    dirty.markAt(A, TREE, START);
    dirty.markAt(Path.of("a/x"), DIRECTORY, START + 5);
    assertThat(dirty.takeDue(START, MANY)).containsExactly(new Visit(A, TREE));
    assertThat(dirty.nextDue(START) - START).isEqualTo(5);
  }

  // How many.

  @Test
  void mark_storm_isFoldedIntoOneVisitOfEverything() {
    for (int i = 0; i <= DirtySet.MAX_ENTRIES; i++) {
      dirty.mark(Path.of("d" + i), DIRECTORY, START);
    }
    assertThat(dirty.size()).isEqualTo(1);
    assertThat(dirty.takeDue(START + DEBOUNCE, MANY)).containsExactly(new Visit(ROOT, TREE));
  }

  @Test
  void mark_atTheBound_isKeptAsItIs() {
    for (int i = 0; i < DirtySet.MAX_ENTRIES; i++) {
      dirty.mark(Path.of("d" + i), DIRECTORY, START);
    }
    dirty.mark(Path.of("d0"), TREE, START);
    dirty.mark(ROOT, DIRECTORY, START);
    assertThat(dirty.size()).isEqualTo(DirtySet.MAX_ENTRIES + 1);
    assertThat(dirty.takeDue(START + DEBOUNCE, 2))
        .containsExactly(new Visit(ROOT, DIRECTORY), new Visit(Path.of("d0"), TREE));
  }

  @Test
  void markAt_storm_doesNotHoldUpWhatIsDueSooner() {
    dirty.mark(A, DIRECTORY, START);
    for (int i = 0; i <= DirtySet.MAX_ENTRIES; i++) {
      dirty.markAt(Path.of("d" + i), DIRECTORY, START + 600_000 + i);
    }
    assertThat(dirty.nextDue(START) - START).isEqualTo(DEBOUNCE);
  }

  @Test
  void mark_storm_doesNotShortenTheReachOfAnything() {
    dirty.mark(A, FULL, START);
    for (int i = 0; i <= DirtySet.MAX_ENTRIES; i++) {
      dirty.mark(Path.of("d" + i), DIRECTORY, START);
    }
    assertThat(dirty.takeDue(START + DEBOUNCE, MANY)).containsExactly(new Visit(ROOT, FULL));
  }
}
