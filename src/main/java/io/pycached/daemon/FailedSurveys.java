package io.pycached.daemon;

import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Territory;
import io.pycached.report.Failures;
import io.pycached.report.StatusReport.Problem;
import io.pycached.report.Text;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Survey;
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
 * The directories of the prefix that could not be surveyed, as long as they are there and still
 * cannot: those that another user has closed, say. Safe for use by any thread.
 */
final class FailedSurveys implements ReconcileListener {
  /** Directories beyond it are not remembered: so many have one cause, which those tell of. */
  private static final int MAX_DIRECTORIES = 1_000;

  private final InstantSource clock;
  private final Map<Path, Failure> failures = new LinkedHashMap<>();

  private record Failure(IOException cause, Instant since) {}

  FailedSurveys(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void failed(Territory territory, DirectoryPair pair, IOException failure) {
    if (failures.size() < MAX_DIRECTORIES) {
      failures.putIfAbsent(pair.mirror(), new Failure(failure, clock.instant()));
    }
  }

  @Override
  public synchronized void surveyed(Territory territory, Survey survey) {
    failures.remove(survey.pair().mirror());
  }

  @Override
  public synchronized void unchanged(Territory territory, Path relative) {
    if (!failures.isEmpty()) {
      failures.remove(territory.pair(relative).mirror());
    }
  }

  /** {@return what they are, if there are any} Each is looked for. */
  synchronized Optional<Problem> problem() {
    failures.keySet().removeIf(path -> Files.notExists(path, LinkOption.NOFOLLOW_LINKS));
    return failures.entrySet().stream()
        .findFirst()
        .map(
            first ->
                new Problem(
                    "not-surveyed",
                    "%s of the prefix could not be surveyed, the first is %s: %s; what is in it is kept, and not counted"
                        .formatted(
                            Text.directories(failures.size()),
                            first.getKey(),
                            Failures.reason(first.getValue().cause())),
                    first.getValue().since()));
  }
}
