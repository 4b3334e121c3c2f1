package io.pycached.reconcile;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a territory, for as long as it is looked after. Its status may be read by any
 * thread at any time; all else belongs to the sweep that is under way.
 */
final class Chart {
  private final Territory territory;
  private final Catalog catalog = new Catalog();
  private final Restraint restraint;
  private volatile Optional<Instant> lastReconciled = Optional.empty();

  Chart(Territory territory, Restraint restraint) {
    this.territory = territory;
    this.restraint = restraint;
  }

  Territory territory() {
    return territory;
  }

  Catalog catalog() {
    return catalog;
  }

  Restraint restraint() {
    return restraint;
  }

  /** Notes that something in the territory was reconciled. */
  void reconciled(Instant at) {
    lastReconciled = Optional.of(at);
  }

  TerritoryStatus status() {
    return new TerritoryStatus(
        territory,
        catalog.sources(),
        catalog.pairs(),
        catalog.totals(),
        catalog.vanished().or(restraint::replaced),
        restraint.held(),
        lastReconciled);
  }
}
