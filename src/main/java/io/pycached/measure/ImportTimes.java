package io.pycached.measure;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** The time that each module took one run to import, without what it imported itself. */
public final class ImportTimes {
  /** Bound on modules that are told apart; what is beyond counts for the total only. */
  static final int MAX_MODULES = 50_000;

  private final Map<String, Long> microseconds = new HashMap<>();
  private long total;

  /** Adds to the time of {@code module}: a name may be imported again. */
  void add(String module, long time) {
    total += time;
    if (microseconds.size() < MAX_MODULES || microseconds.containsKey(module)) {
      microseconds.merge(module, time, Long::sum);
    }
  }

  /** {@return the microseconds that each module took itself} */
  public Map<String, Long> byModule() {
    return Collections.unmodifiableMap(microseconds);
  }

  /** {@return the microseconds that all took together} */
  public long total() {
    return total;
  }

  /** {@return whether the run told of no import, so that it was no interpreter's} */
  public boolean isEmpty() {
    return microseconds.isEmpty();
  }
}
