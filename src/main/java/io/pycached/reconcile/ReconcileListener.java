package io.pycached.reconcile;

import io.pycached.apply.Outcome;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Survey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** Hears what a sweep does. Called from the sweep's threads, several at once; must return soon. */
public interface ReconcileListener {

  /** A pair was surveyed. */
  default void surveyed(Territory territory, Survey survey) {}

  /** A pair was surveyed closely, since something had happened in it. */
  default void lookedAt(Territory territory, Survey survey) {}

  /** A pair was found to be as its fingerprint says it was before. */
  default void unchanged(Territory territory, Path relative) {}

  /** A pair was found to be another than was remembered. */
  default void corrected(Territory territory, Path relative) {}

  /** An action of a plan was carried out; in a dry run, would be. */
  default void happened(Territory territory, Outcome outcome) {}

  /** A pair could not be surveyed. What was known of it still is. */
  default void failed(Territory territory, DirectoryPair pair, IOException failure) {}

  /** Something in the pair at {@code relative} will be old enough for an action at {@code due}. */
  default void waits(Territory territory, Path relative, Instant due) {}

  /** A variant was seen that every source of {@code territory} should have from now on. */
  default void widened(Territory territory) {}

  /** {@return a listener that passes everything on to {@code first} and then to {@code second}} */
  static ReconcileListener both(ReconcileListener first, ReconcileListener second) {
    return new Both(first, second);
  }
}
