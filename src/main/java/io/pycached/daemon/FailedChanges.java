package io.pycached.daemon;

import io.pycached.apply.Outcome;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Territory;
import io.pycached.report.Failures;
import io.pycached.report.StatusReport.Problem;
import io.pycached.report.Text;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.Survey;
import io.pycached.survey.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of the prefix that could not be deleted or replaced when they should have been, as long
 * as they are there and not fresh: those of another user in a directory that only they may write
 * to, say. Safe for use by any thread.
 */
final class FailedChanges implements ReconcileListener {
  /** Files beyond it are not remembered: so many have one cause, which those tell of. */
  private static final int MAX_FILES = 1_000;

  private final Path prefix;
  private final InstantSource clock;
  private final Map<Path, Failure> failures = new LinkedHashMap<>();

  private record Failure(IOException cause, Instant since) {}

  FailedChanges(Path prefix, InstantSource clock) {
    this.prefix = prefix;
    this.clock = clock;
  }

  @Override
  public void happened(Territory territory, Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      note(failed.path(), failed.failure());
    } else if (outcome instanceof Outcome.Compiled || outcome instanceof Outcome.Adopted) {
      forget(outcome.path());
    }
  }

  @Override
  public synchronized void surveyed(Territory territory, Survey survey) {
    if (!failures.isEmpty()) {
      for (MirrorFile file : survey.files()) {
        if (file.verdict() == Verdict.FRESH) {
          failures.remove(survey.pair().mirror().resolve(file.name()));
        }
      }
    }
  }

  private synchronized void note(Path path, IOException cause) {
    if (failures.size() < MAX_FILES && path.startsWith(prefix) && !Files.isDirectory(path)) {
      failures.putIfAbsent(path, new Failure(cause, clock.instant()));
    }
  }

  private synchronized void forget(Path path) {
    failures.remove(path);
  }

  /** {@return what they are, if there are any} Each is looked for. */
  synchronized Optional<Problem> problem() {
    failures.keySet().removeIf(path -> Files.notExists(path, LinkOption.NOFOLLOW_LINKS));
    return failures.entrySet().stream()
        .findFirst()
        .map(
            first ->
                new Problem(
                    "not-changeable",
                    "%s could not be deleted or replaced, the first is %s: %s; pycached must be able to write to its directory"
                        .formatted(
                            Text.files(failures.size()),
                            first.getKey(),
                            Failures.reason(first.getValue().cause())),
                    first.getValue().since()));
  }
}
