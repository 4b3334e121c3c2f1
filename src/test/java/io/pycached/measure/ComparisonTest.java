package io.pycached.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.measure.Comparison.Module;
import io.pycached.measure.Comparison.Side;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Medians, and the order of the modules. */
final class ComparisonTest {

  private static Run run(int status, long millis, long a, long b) {
    ImportTimes times = new ImportTimes();
    times.add("a", a);
    if (b > 0) {
      times.add("b", b);
    }
    return new Run(times, status, Duration.ofMillis(millis));
  }

  @Test
  void of_runs_comparesTheirMedians() {
    Comparison comparison =
        Comparison.of(
            List.of(run(0, 30, 10, 900), run(3, 10, 70, 200), run(0, 20, 20, 500)),
            List.of(run(0, 9, 4, 0), run(0, 7, 6, 0), run(7, 8, 5, 1)));
    assertThat(comparison)
        .isEqualTo(
            new Comparison(
                List.of(new Module("b", 500, 0), new Module("a", 20, 5)),
                new Side(520, Duration.ofMillis(20)),
                new Side(6, Duration.ofMillis(8)),
                List.of(3, 7)));
    assertThat(comparison.modules().get(1).savedMicroseconds()).isEqualTo(15);
  }

  @Test
  void of_evenNumber_isTheMeanOfTheMiddleTwo() {
    Comparison comparison =
        Comparison.of(
            List.of(run(0, 1, 10, 0), run(0, 1, 21, 0)), List.of(run(0, 1, 3, 0), run(0, 1, 5, 0)));
    assertThat(comparison.modules()).containsExactly(new Module("a", 15, 4));
  }

  @Test
  void of_nothingTold_isEmpty() {
    Run silent = new Run(new ImportTimes(), 2, Duration.ofMillis(4));
    Comparison comparison = Comparison.of(List.of(silent), List.of());
    assertThat(comparison.isEmpty()).isTrue();
    assertThat(comparison.statuses()).containsExactly(2);
    assertThat(comparison.warm()).isEqualTo(new Side(0, Duration.ZERO));
  }
}
