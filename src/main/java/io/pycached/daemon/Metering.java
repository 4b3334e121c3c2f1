package io.pycached.daemon;

import io.pycached.apply.Outcome;
import io.pycached.metrics.Meters;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Territory;
import io.pycached.report.Failures;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Survey;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs what the reconciler does. */
final class Metering implements ReconcileListener {
  private static final Logger log = LoggerFactory.getLogger(Metering.class);

  private final Meters meters;

  Metering(Meters meters) {
    this.meters = meters;
  }

  @Override
  public void surveyed(Territory territory, Survey survey) {
    meters.surveyedPair(survey.files().size());
  }

  @Override
  public void unchanged(Territory territory, Path relative) {
    meters.unchangedPair();
  }

  @Override
  public void happened(Territory territory, Outcome outcome) {
    if (outcome instanceof Outcome.Deleted deleted) {
      meters.deleted(deleted.reason(), deleted.bytes());
      log.debug("deleted {} ({})", deleted.path(), deleted.reason());
    } else if (outcome instanceof Outcome.Removed removed) {
      meters.removedDirectory();
      log.debug("removed the empty {}", removed.path());
    } else if (outcome instanceof Outcome.Compiled compiled) {
      meters.compiled(compiled.reason(), compiled.bytes());
      log.debug("compiled {} ({})", compiled.path(), compiled.reason());
    } else if (outcome instanceof Outcome.Adopted adopted) {
      meters.adopted(adopted.bytes());
      log.debug("adopted {}", adopted.path());
    } else if (outcome instanceof Outcome.Refused refused) {
      if (!refused.remembered()) {
        meters.refused();
        log.info("{} does not compile: {}", refused.path(), refused.message());
      }
    } else if (outcome instanceof Outcome.Skipped skipped) {
      meters.skipped(skipped.reason());
      log.debug("skipped {} ({})", skipped.path(), skipped.reason());
    } else if (outcome instanceof Outcome.Failed failed) {
      meters.failed();
      log.warn("{}: {}", failed.path(), Failures.reason(failed.failure()));
    }
  }

  @Override
  public void failed(Territory territory, DirectoryPair pair, IOException failure) {
    meters.failed();
    log.warn("{} could not be surveyed: {}", pair.mirror(), Failures.reason(failure));
  }
}
