package io.pycached.reconcile;

import io.pycached.apply.Outcome;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Survey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** Two listeners that hear the same, the first one first. */
record Both(ReconcileListener first, ReconcileListener second) implements ReconcileListener {
  @Override
  public void surveyed(Territory territory, Survey survey) {
    first.surveyed(territory, survey);
    second.surveyed(territory, survey);
  }

  @Override
  public void lookedAt(Territory territory, Survey survey) {
    first.lookedAt(territory, survey);
    second.lookedAt(territory, survey);
  }

  @Override
  public void unchanged(Territory territory, Path relative) {
    first.unchanged(territory, relative);
    second.unchanged(territory, relative);
  }

  @Override
  public void corrected(Territory territory, Path relative) {
    first.corrected(territory, relative);
    second.corrected(territory, relative);
  }

  @Override
  public void happened(Territory territory, Outcome outcome) {
    first.happened(territory, outcome);
    second.happened(territory, outcome);
  }

  @Override
  public void failed(Territory territory, DirectoryPair pair, IOException failure) {
    first.failed(territory, pair, failure);
    second.failed(territory, pair, failure);
  }

  @Override
  public void waits(Territory territory, Path relative, Instant due) {
    first.waits(territory, relative, due);
    second.waits(territory, relative, due);
  }

  @Override
  public void widened(Territory territory) {
    first.widened(territory);
    second.widened(territory);
  }
}
