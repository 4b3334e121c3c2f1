package io.pycached.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.policy.Bounds;
import io.pycached.policy.UseClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AllowancesTest {
  private static final Set<Integer> WRITTEN = Set.of(3531);

  @Test
  void order_everyInterpreterIsHere_knowsWhatIsWritten() {
    assertThat(allowances(false).order(WRITTEN).written()).isEqualTo(WRITTEN);
  }

  /** A sidecar that has one interpreter must not take the bytecode of the others for useless. */
  @Test
  void order_interpretersInOtherContainers_doesNotKnowWhoWritesWhat() {
    assertThat(allowances(true).order(WRITTEN).written()).isEmpty();
  }

  private static Allowances allowances(boolean writersElsewhere) {
    Bounds bounds = new Bounds(OptionalLong.of(7), OptionalLong.empty(), Optional.empty(), 0.9);
    return new Allowances(
        bounds, Map.of(), Duration.ofHours(1), UseClock.RELATIME, 512, writersElsewhere);
  }
}
