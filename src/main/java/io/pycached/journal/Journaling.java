package io.pycached.journal;

import io.pycached.apply.Outcome;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Territory;
import java.time.InstantSource;

/**
 * Puts what is done into a journal.
 *
 * @param clock tells when
 */
public record Journaling(Journal journal, InstantSource clock) implements ReconcileListener {
  @Override
  public void happened(Territory territory, Outcome outcome) {
    Event.of(clock.instant(), territory.prefix(), territory.name(), outcome)
        .ifPresent(journal::add);
  }
}
