package io.pycached.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What several runs, cold and warm, came to: medians.
 *
 * @param modules slowest first, as they are when cold
 * @param statuses the exit statuses that are not 0, in the order of the runs
 */
public record Comparison(List<Module> modules, Side cold, Side warm, List<Integer> statuses) {
  private static final Comparator<Module> SLOWEST_FIRST =
      Comparator.comparingLong(Module::coldMicroseconds)
          .reversed()
          .thenComparing(Comparator.comparingLong(Module::warmMicroseconds).reversed())
          .thenComparing(Module::name);

  /** Values with their own copies of the lists. */
  public Comparison {
    modules = List.copyOf(modules);
    statuses = List.copyOf(statuses);
  }

  /** The time that one module took itself, without what it imported. */
  public record Module(String name, long coldMicroseconds, long warmMicroseconds) {

    /** {@return the microseconds that bytecode saved; below 0 where it did not} */
    public long savedMicroseconds() {
      return coldMicroseconds - warmMicroseconds;
    }
  }

  /**
   * All runs of a kind.
   *
   * @param importMicroseconds what all imports of a run took
   * @param took a run from start to end
   */
  public record Side(long importMicroseconds, Duration took) {}

  /** {@return whether no import was told of} */
  public boolean isEmpty() {
    return modules.isEmpty();
  }

  static Comparison of(List<Run> cold, List<Run> warm) {
    Set<String> names = new TreeSet<>();
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < cold.size(); i++) {
      for (List<Run> side : List.of(cold, warm)) {
        if (i < side.size()) {
          names.addAll(side.get(i).times().byModule().keySet());
          if (side.get(i).status() != 0) {
            statuses.add(side.get(i).status());
          }
        }
      }
    }
    List<Module> modules = new ArrayList<>(names.size());
    for (String name : names) {
      modules.add(new Module(name, median(cold, name), median(warm, name)));
    }
    modules.sort(SLOWEST_FIRST);
    return new Comparison(modules, side(cold), side(warm), statuses);
  }

  private static Side side(List<Run> runs) {
    return new Side(
        median(runs.stream().mapToLong(run -> run.times().total()).sorted().toArray()),
        Duration.ofNanos(
            median(runs.stream().mapToLong(run -> run.took().toNanos()).sorted().toArray())));
  }

  private static long median(List<Run> runs, String name) {
    return median(
        runs.stream()
            .mapToLong(run -> run.times().byModule().getOrDefault(name, 0L))
            .sorted()
            .toArray());
  }

  private static long median(long[] sorted) {
    if (sorted.length == 0) {
      return 0;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
