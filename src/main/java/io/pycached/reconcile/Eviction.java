package io.pycached.reconcile;

import io.pycached.policy.Bounds;
import io.pycached.policy.Chosen;
import io.pycached.policy.DeletionPolicy;
import io.pycached.policy.EvictionOrder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps territories within bounds: counts what is there, chooses what is to go, and sweeps once
 * more to delete it. The cost is linear in the files that are there.
 */
public final class Eviction {
  /** Enough for a prefix of two million files that shrinks by half. */
  private static final int MAX_ROUNDS = 10;

  /** Sweeps a whole territory. */
  public interface Sweeper {
    /**
     * Returns when everything in {@code territory} was surveyed, and planned for and acted on if
     * there is a policy.
     *
     * @throws InterruptedException if this thread is interrupted meanwhile
     */
    void sweep(Territory territory, Optional<DeletionPolicy> policy, ReconcileListener listener)
        throws InterruptedException;
  }

  private final Sweeper sweeper;
  private final EvictionOrder order;
  private final long block;
  private final InstantSource clock;

  /**
   * @param block the bytes of a block of the prefix's file system
   */
  public Eviction(Sweeper sweeper, EvictionOrder order, long block, InstantSource clock) {
    this.sweeper = sweeper;
    this.order = order;
    this.block = block;
    this.clock = clock;
  }

  /**
   * {@return what is left when {@code territories} together were brought within {@code bounds}, or
   * as far as what must stay allows}
   *
   * @param listener hears of every deletion
   */
  public Footprint enforce(List<Territory> territories, Bounds bounds, ReconcileListener listener)
      throws InterruptedException {
    Census.Choice choice = census(territories).choose(bounds);
    evict(territories, choice.reasons(), listener);
    for (int round = 1; choice.hasMore() && round < MAX_ROUNDS; round++) {
      choice = census(territories).choose(bounds);
      evict(territories, choice.reasons(), listener);
    }
    return choice.left();
  }

  private Census census(List<Territory> territories) throws InterruptedException {
    Census census = new Census(order, clock.instant(), block);
    for (Territory territory : territories) {
      sweeper.sweep(territory, Optional.empty(), census);
    }
    return census;
  }

  private void evict(
      List<Territory> territories, Map<Path, String> chosen, ReconcileListener listener)
      throws InterruptedException {
    DeletionPolicy policy = new Chosen(chosen);
    for (Territory territory : territories) {
      Path mirror = territory.pair(territory.prefix().path().getFileSystem().getPath("")).mirror();
      if (chosen.keySet().stream().anyMatch(path -> path.startsWith(mirror))) {
        sweeper.sweep(territory, Optional.of(policy), listener);
      }
    }
  }
}
