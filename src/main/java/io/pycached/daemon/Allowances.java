package io.pycached.daemon;

import io.pycached.config.ProjectSettings;
import io.pycached.config.Settings;
import io.pycached.fs.Mounts;
import io.pycached.layout.RawPath;
import io.pycached.policy.Bounds;
import io.pycached.policy.EvictionOrder;
import io.pycached.policy.UseClock;
import io.pycached.reconcile.Eviction;
import io.pycached.reconcile.Footprint;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.SinglePass;
import io.pycached.reconcile.Territory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a prefix and the mirrors in it may hold.
 *
 * @param whole the bounds of everything together
 * @param own those of single projects, by name
 * @param grace how long a file must have been left alone before it is evicted
 * @param block the bytes of a block of the prefix's file system
 * @param writersElsewhere whether interpreters may write that are not seen here
 */
public record Allowances(
    Bounds whole,
    Map<String, Bounds> own,
    Duration grace,
    UseClock useClock,
    long block,
    boolean writersElsewhere) {

  private static final long USUAL_BLOCK = 4_096;

  /**
   * {@return the allowances of {@code settings}}
   *
   * @param mountinfo tells which clock of use the prefix's mount offers
   */
  public static Allowances of(Settings settings, Path mountinfo) {
    Settings.Limits limits = settings.limits();
    Map<String, Bounds> own = new LinkedHashMap<>();
    for (ProjectSettings project : settings.projects()) {
      Bounds bounds = bounds(project.bounds(), limits.lowWater());
      if (bounds.any()) {
        own.put(project.name(), bounds);
      }
    }
    return new Allowances(
        bounds(limits.bounds(), limits.lowWater()),
        Map.copyOf(own),
        limits.minAge(),
        useClock(settings.prefix(), mountinfo),
        block(settings.prefix()),
        Container.hidesSources(settings.unclaimed()));
  }

  private static Bounds bounds(io.pycached.config.Bounds bounds, double lowWater) {
    return new Bounds(bounds.maxBytes(), bounds.maxFiles(), bounds.maxAge(), lowWater);
  }

  /** Where the mount cannot be found out, the kernel's default is assumed. */
  private static UseClock useClock(Path prefix, Path mountinfo) {
    try {
      return Mounts.read(mountinfo)
          .of(RawPath.of(prefix.toRealPath()))
          .map(Allowances::useClock)
          .orElse(UseClock.RELATIME);
    } catch (IOException unreadable) {
      return UseClock.RELATIME;
    }
  }

  private static UseClock useClock(Mounts.Mount mount) {
    if (mount.options().contains("noatime") || mount.options().contains("ro")) {
      return UseClock.NOATIME;
    }
    return mount.options().contains("relatime") ? UseClock.RELATIME : UseClock.STRICTATIME;
  }

  private static long block(Path prefix) {
    try {
      return Files.getFileStore(prefix).getBlockSize();
    } catch (IOException | UnsupportedOperationException unknown) {
      return USUAL_BLOCK;
    }
  }

  /** {@return whether anything is bounded} */
  public boolean any() {
    return whole.any() || !own.isEmpty();
  }

  /** Brings everything within bounds, in the foreground; in a dry run, tells what would go. */
  public void enforce(
      SinglePass pass,
      Mode mode,
      List<Territory> territories,
      Set<Integer> written,
      InstantSource clock,
      ReconcileListener listener) {
    Eviction.Sweeper sweeper =
        (territory, policy, heard) ->
            pass.sweep(territory, policy.isPresent() ? mode : Mode.SURVEY, policy, heard);
    try {
      if (any()) {
        enforce(territories, sweeper, written, clock, listener);
      }
    } catch (InterruptedException never) {
      throw new IllegalStateException("a sweep in the foreground waits for nobody", never);
    }
  }

  /**
   * {@return what is left of everything when it is within bounds, as far as that is possible}
   *
   * @param territories all of the prefix
   * @param written the magic numbers that interpreters here write; none if that is not known
   */
  public Footprint enforce(
      List<Territory> territories,
      Eviction.Sweeper sweeper,
      Set<Integer> written,
      InstantSource clock,
      ReconcileListener listener)
      throws InterruptedException {
    Eviction eviction = new Eviction(sweeper, order(written), block, clock);
    for (Territory territory : territories) {
      Optional<Bounds> bounds = Optional.ofNullable(own.get(territory.name()));
      if (bounds.isPresent() && territory instanceof Territory.OfProject) {
        eviction.enforce(List.of(territory), bounds.get(), listener);
      }
    }
    return eviction.enforce(territories, whole, listener);
  }

  /** What no interpreter here writes, one in another container may: that it is used, counts. */
  EvictionOrder order(Set<Integer> written) {
    return new EvictionOrder(useClock, writersElsewhere ? Set.of() : written, grace);
  }
}
