package io.pycached.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A gauge whose rows come and go; without labels it has one row or none. Rows that stay are not
 * registered anew, since Micrometer searches all meters for each that it removes. Not safe for use
 * by several threads.
 */
final class Rows {
  private final MultiGauge gauge;
  private Map<Tags, Number> values = Map.of();

  /** Registers a gauge without a row. */
  Rows(MeterRegistry registry, String name, String help) {
    gauge = MultiGauge.builder(name).description(help).register(registry);
  }

  /** Shows {@code values} in place of what was shown. */
  void show(Map<Tags, Number> values) {
    boolean sameRows = values.keySet().equals(this.values.keySet());
    this.values = values;
    if (sameRows) {
      return;
    }
    List<Row<?>> rows = new ArrayList<>();
    for (Tags tags : values.keySet()) {
      rows.add(Row.of(tags, () -> this.values.getOrDefault(tags, Double.NaN)));
    }
    gauge.register(rows);
  }

  /** Shows a single value in place of what was shown. */
  void show(Number value) {
    show(Map.of(Tags.empty(), value));
  }

  /** Shows a value, or none, in place of what was shown. */
  void show(OptionalLong value) {
    show(value.isPresent() ? Map.of(Tags.empty(), value.getAsLong()) : Map.of());
  }
}
