package io.pycached.daemon;

import io.pycached.apply.Outcome;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Territory;
import io.pycached.report.StatusReport.Problem;
import io.pycached.report.Text;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.Survey;
import io.pycached.survey.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The files of the prefix that could not be deleted or replaced when they should have been, as long
 * as they are there and not fresh: those of another user in a directory that only they may write
 * to, say. Safe for use by any thread.
 */
final class FailedChanges implements ReconcileListener {
  private final Path prefix;
  private final FailedPaths files;

  FailedChanges(Path prefix, InstantSource clock) {
    this.prefix = prefix;
    this.files = new FailedPaths(clock);
  }

  @Override
  public void happened(Territory territory, Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      note(failed.path(), failed.failure());
    } else if (outcome instanceof Outcome.Compiled || outcome instanceof Outcome.Adopted) {
      files.forget(outcome.path());
    }
  }

  @Override
  public void surveyed(Territory territory, Survey survey) {
    if (!files.isEmpty()) {
      for (MirrorFile file : survey.files()) {
        if (file.verdict() == Verdict.FRESH) {
          files.forget(survey.pair().mirror().resolve(file.name()));
        }
      }
    }
  }

  private void note(Path path, IOException cause) {
    if (path.startsWith(prefix) && !Files.isDirectory(path)) {
      files.note(path, cause);
    }
  }

  /** {@return what they are, if there are any} Each is looked for. */
  Optional<Problem> problem() {
    return files.problem(
        "not-changeable",
        count -> Text.files(count) + " could not be deleted or replaced",
        "pycached must be able to write to its directory");
  }
}
