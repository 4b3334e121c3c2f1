package io.pycached.audit;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The flaws that stand: of each mirror those of the last audit. Safe for use by any thread.
 *
 * <p>Of a mirror it keeps how many there are of each kind, and the first.
 */
public final class FlawLedger {
  /** Mirrors beyond it are not remembered: so many have one cause, which those tell of. */
  static final int MAX_MIRRORS = 1_000;

  private final InstantSource clock;
  private final Map<Path, Map<FlawKind, Tally>> mirrors = new TreeMap<>();
  private final Map<FlawKind, Instant> since = new EnumMap<>(FlawKind.class);

  private record Tally(long count, Flaw first) {}

  /**
   * The flaws of one kind.
   *
   * @param first the one whose mirror has the least path
   * @param since from when on there has been one of this kind
   */
  public record Standing(FlawKind kind, long count, Flaw first, Instant since) {}

  public FlawLedger(InstantSource clock) {
    this.clock = clock;
  }

  /** Takes {@code flaws} for all that is wrong with {@code mirror}, an absolute path. */
  public void put(Path mirror, List<Flaw> flaws) {
    Map<FlawKind, Tally> tallies = new EnumMap<>(FlawKind.class);
    for (Flaw flaw : flaws) {
      tallies.merge(
          flaw.kind(), new Tally(1, flaw), (old, one) -> new Tally(old.count() + 1, old.first()));
    }
    keep(mirror, tallies);
  }

  private synchronized void keep(Path mirror, Map<FlawKind, Tally> tallies) {
    if (tallies.isEmpty()) {
      if (mirrors.remove(mirror) != null) {
        forgetKinds();
      }
    } else if (mirrors.containsKey(mirror) || mirrors.size() < MAX_MIRRORS) {
      mirrors.put(mirror, tallies);
      forgetKinds();
      tallies.keySet().forEach(kind -> since.computeIfAbsent(kind, first -> clock.instant()));
    }
  }

  private void forgetKinds() {
    since
        .keySet()
        .removeIf(
            kind -> mirrors.values().stream().noneMatch(tallies -> tallies.containsKey(kind)));
  }

  /**
   * {@return what is wrong, the gravest kind first} Mirrors that have vanished are forgotten: each
   * is looked for.
   */
  public List<Standing> standing() {
    List<Path> known;
    synchronized (this) {
      known = List.copyOf(mirrors.keySet());
    }
    for (Path mirror : known) {
      if (!Files.exists(mirror, LinkOption.NOFOLLOW_LINKS)) {
        keep(mirror, Map.of());
      }
    }
    return sums();
  }

  private synchronized List<Standing> sums() {
    Map<FlawKind, Tally> sums = new EnumMap<>(FlawKind.class);
    for (Map<FlawKind, Tally> tallies : mirrors.values()) {
      tallies.forEach(
          (kind, tally) ->
              sums.merge(
                  kind, tally, (old, more) -> new Tally(old.count() + more.count(), old.first())));
    }
    List<Standing> standing = new ArrayList<>();
    sums.forEach(
        (kind, tally) ->
            standing.add(
                new Standing(
                    kind,
                    tally.count(),
                    tally.first(),
                    since.getOrDefault(kind, clock.instant()))));
    return standing;
  }
}
