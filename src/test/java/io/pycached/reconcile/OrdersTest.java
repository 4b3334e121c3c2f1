package io.pycached.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.layout.PycachePrefix;
import io.pycached.layout.Variant;
import io.pycached.policy.Build;
import io.pycached.policy.WarmPolicy;
import io.pycached.survey.Voucher;
import io.pycached.testing.PycacheTree;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much may wait, and of whom. */
final class OrdersTest {
  private static final Path ROOT = Path.of("");
  private static final Variant VARIANT = Variant.parse("cpython-312");

  private final Orders orders = new Orders();

  private static List<Territory> territories(String... names) {
    Map<io.pycached.layout.Project, WarmPolicy> projects = new LinkedHashMap<>();
    for (String name : names) {
      projects.put(PycacheTree.project(name, Path.of("/srv", name)), WarmPolicy.NONE);
    }
    return Territory.of(new PycachePrefix(Path.of("/prefix")), projects, Voucher.NOBODY);
  }

  private static List<Build> builds(int count) {
    return IntStream.range(0, count).mapToObj(OrdersTest::build).toList();
  }

  private static Build build(int i) {
    return new Build.Compilation(
        Path.of("m" + i + ".cpython-312.pyc"),
        Path.of("m" + i + ".py"),
        VARIANT,
        "missing",
        Optional.empty());
  }

  private boolean offer(Territory territory, String pair, int count) {
    return orders.offer(territory, ROOT.resolve(pair), builds(count), false);
  }

  @Test
  void offer_fullOfOneTerritory_hasRoomForAnother() {
    List<Territory> both = territories("storm", "calm");
    Territory storm = both.get(0);
    Territory calm = both.get(1);
    assertThat(offer(storm, "a", Orders.MAX_WAITING - 1)).isTrue();
    assertThat(offer(storm, "b", 2)).isFalse();
    assertThat(offer(storm, "b", 1)).isTrue();
    assertThat(offer(calm, "", Orders.SHARE)).isTrue();
    assertThat(offer(calm, "more", 1)).isFalse();
    assertThat(orders.pending()).isEqualTo(51_000);
    orders.poll();
    BuildLanes.Job second = Objects.requireNonNull(orders.poll());
    assertThat(second.territory()).isEqualTo(calm);
    assertThat(offer(calm, "more", 1)).isTrue();
    assertThat(offer(storm, "c", 1)).isFalse();
  }

  @Test
  void offer_fullAndTerritoriesCameAndWent_hasTheSameRoom() {
    Territory storm = territories("storm").get(0);
    Territory calm = territories("calm").get(0);
    assertThat(offer(storm, "a", Orders.MAX_WAITING)).isTrue();
    assertThat(offer(calm, "", Orders.SHARE)).isTrue();
    assertThat(offer(calm, "", 7)).isTrue();
    orders.retain(List.of(storm));
    assertThat(orders.pending()).isEqualTo(Orders.MAX_WAITING);
    assertThat(offer(calm, "", Orders.SHARE)).isTrue();
    orders.end(Objects.requireNonNull(orders.poll()), true);
    assertThat(orders.pending()).isEqualTo(Orders.MAX_WAITING + Orders.SHARE);
    orders.retain(List.of());
    assertThat(orders.pending()).isZero();
  }

  /** Otherwise it would never be made. */
  @Test
  void offer_onePairBeyondTheBound_isTaken() {
    assertThat(offer(territories("storm").get(0), "", Orders.MAX_WAITING + 1)).isTrue();
  }
}
