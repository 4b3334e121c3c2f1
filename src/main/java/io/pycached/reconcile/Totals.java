package io.pycached.reconcile;

import io.pycached.survey.State;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many files are in which state, by cache tag.
 *
 * @param byTag the counts of each state by cache tag; the empty tag is that of files whose name has
 *     none. States that no file is in are left out
 */
public record Totals(Map<String, Map<State, Count>> byTag) {
  public static final Totals NONE = new Totals(Map.of());

  public Totals {
    byTag = Map.copyOf(byTag);
  }

  /** {@return the count of every state, over all tags} */
  public Map<State, Count> byState() {
    Map<State, Count> sums = new EnumMap<>(State.class);
    for (State state : State.values()) {
      sums.put(state, Count.ZERO);
    }
    byTag
        .values()
        .forEach(states -> states.forEach((state, count) -> sums.merge(state, count, Count::plus)));
    return sums;
  }

  /** {@return the count of {@code state}, over all tags} */
  public Count of(State state) {
    return byState().getOrDefault(state, Count.ZERO);
  }

  /** {@return the sum of both} */
  public Totals plus(Totals other) {
    Map<String, Map<State, Count>> sum = new TreeMap<>();
    byTag.forEach((tag, states) -> sum.put(tag, new EnumMap<>(states)));
    other.byTag.forEach(
        (tag, states) ->
            states.forEach(
                (state, count) ->
                    sum.computeIfAbsent(tag, t -> new EnumMap<>(State.class))
                        .merge(state, count, Count::plus)));
    return new Totals(sum);
  }
}
