package io.pycached.reconcile;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a territory at one moment.
 *
 * @param sources how many Python sources it has, by name
 * @param pairs how many directory pairs
 * @param vanished why the sources' root cannot be seen; nothing if it can
 * @param held why its orphans are kept for now; nothing if they are not
 * @param lastReconciled when something in it was last reconciled
 */
public record TerritoryStatus(
    Territory territory,
    long sources,
    long pairs,
    Totals totals,
    Optional<Unseen> vanished,
    Optional<String> held,
    Optional<Instant> lastReconciled) {}
