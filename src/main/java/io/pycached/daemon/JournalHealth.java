package io.pycached.daemon;

import io.pycached.fs.StateDirectory;
import io.pycached.journal.Journal;
import io.pycached.metrics.Meters;
import io.pycached.report.Failures;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the rest of the daemon how the journal fares. */
final class JournalHealth implements Journal.Listener {
  private static final Logger log = LoggerFactory.getLogger(JournalHealth.class);

  private static final String REFUSED = "state-directory-refused";
  private static final String NOT_WRITTEN = "journal-not-written";

  private final Problems problems;
  private final Meters meters;

  JournalHealth(Problems problems, Meters meters) {
    this.problems = problems;
    this.meters = meters;
  }

  @Override
  public void written(int lines) {
    meters.journalled(lines);
  }

  @Override
  public void lost(long events) {
    meters.journalLost(events);
  }

  @Override
  public void unwritable(IOException failure) {
    boolean refused = failure instanceof StateDirectory.RefusedException;
    String why = "events are not written: " + Failures.reason(failure);
    log.warn("{}", why);
    problems.clear(refused ? NOT_WRITTEN : REFUSED, "");
    problems.raise(refused ? REFUSED : NOT_WRITTEN, "", why);
  }

  @Override
  public void writable() {
    problems.clear(REFUSED, "");
    problems.clear(NOT_WRITTEN, "");
    log.info("events are written again");
  }
}
