package io.pycached.metrics;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * Meters that differ in the value of one label, which takes a bounded number of values: a value
 * that comes after the bound is reached is counted under {@link #OTHER}.
 *
 * @param <M> a meter, or several for the same value
 */
final class Labelled<M> {
  /** Bound on the values of a label, without {@link #OTHER}. */
  static final int MAX_VALUES = 16;

  /** Stands for every value beyond the bound. */
  static final String OTHER = "other";

  private final ConcurrentMap<String, M> meters = new ConcurrentHashMap<>();
  private final Function<String, M> register;

  /** Creates none yet; {@code register} makes the meter of a value, once a value. */
  Labelled(Function<String, M> register) {
    this.register = register;
  }

  /** {@return the meter of {@code value}, or the one for others} */
  M of(String value) {
    M known = meters.get(value);
    return known != null ? known : admit(value);
  }

  private synchronized M admit(String value) {
    boolean full = meters.size() >= MAX_VALUES && !meters.containsKey(value);
    return meters.computeIfAbsent(full ? OTHER : value, register);
  }
}
