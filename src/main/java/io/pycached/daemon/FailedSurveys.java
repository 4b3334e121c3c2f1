package io.pycached.daemon;

import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Territory;
import io.pycached.report.StatusReport.Problem;
import io.pycached.report.Text;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Survey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The directories of the prefix that could not be surveyed: those that another user has closed,
 * say. Safe for use by any thread.
 */
final class FailedSurveys implements ReconcileListener {
  private final FailedPaths mirrors;

  FailedSurveys(InstantSource clock) {
    this.mirrors = new FailedPaths(clock);
  }

  @Override
  public void failed(Territory territory, DirectoryPair pair, IOException failure) {
    mirrors.note(pair.mirror(), failure);
  }

  @Override
  public void surveyed(Territory territory, Survey survey) {
    if (!mirrors.isEmpty()) {
      mirrors.forget(survey.pair().mirror());
    }
  }

  @Override
  public void unchanged(Territory territory, Path relative) {
    if (!mirrors.isEmpty()) {
      mirrors.forget(territory.pair(relative).mirror());
    }
  }

  /** {@return what they are, if there are any} Each is looked for. */
  Optional<Problem> problem() {
    return mirrors.problem(
        "not-surveyed",
        count -> Text.directories(count) + " of the prefix could not be surveyed",
        "what is in it is kept, and not counted");
  }
}
