package io.pycached.daemon;

import io.pycached.admin.Health;
import io.pycached.admin.State;
import io.pycached.compile.Statistics;
import io.pycached.layout.PycachePrefix;
import io.pycached.reconcile.Reconciler;
import io.pycached.reconcile.TerritoryStatus;
import io.pycached.report.LimitsStatus;
import io.pycached.report.StatusReport;
import io.pycached.watch.ProjectWatches;
import io.pycached.watch.WatchMode;
import io.pycached.watch.WatchStatus;
import io.pycached.watch.WatchTotals;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the daemon as a whole is doing, read from its parts when asked. */
final class Vitals {
  private final String version;
  private final PycachePrefix prefix;
  private final Reconciler reconciler;
  private final ProjectWatches watches;
  private final SurveySchedule surveys;
  private final Warming warming;
  private final Probing probing;
  private final Limiting limiting;
  private final Scrub scrub;
  private final OpenProblems problems;
  private final InstantSource clock;
  private final Instant startedAt;
  private volatile boolean stopping;
  private volatile boolean started;

  Vitals(
      String version,
      PycachePrefix prefix,
      Reconciler reconciler,
      ProjectWatches watches,
      SurveySchedule surveys,
      Warming warming,
      Probing probing,
      Limiting limiting,
      Scrub scrub,
      OpenProblems problems,
      Instant startedAt,
      InstantSource clock) {
    this.version = version;
    this.prefix = prefix;
    this.reconciler = reconciler;
    this.watches = watches;
    this.surveys = surveys;
    this.warming = warming;
    this.probing = probing;
    this.limiting = limiting;
    this.scrub = scrub;
    this.clock = clock;
    this.startedAt = startedAt;
    this.problems = problems;
  }

  void stopping() {
    stopping = true;
  }

  Health ready() {
    if (stopping) {
      return new Health(false, "stopping");
    }
    if (!surveys.isFirstDone()) {
      return new Health(false, "the first survey is under way");
    }
    return watches.armed().isDone()
        ? new Health(true, "ok")
        : new Health(false, "watches are being put in place");
  }

  /** {@return whether it has been ready once} */
  boolean hasStarted() {
    started = started || ready().ok();
    return started;
  }

  State state() {
    if (stopping) {
      return State.STOPPING;
    }
    if (!ready().ok()) {
      return State.STARTING;
    }
    return problems.list(reconciler.status()).isEmpty() ? State.READY : State.DEGRADED;
  }

  StatusReport report() {
    List<TerritoryStatus> territories = reconciler.status();
    WatchTotals totals = watches.totals();
    return new StatusReport(
        version,
        ProcessHandle.current().pid(),
        state().label(),
        startedAt,
        prefix.path(),
        territories,
        projectWatches(),
        new StatusReport.Watching(totals.directories(), totals.limit(), totals.overflows()),
        reconciler.dirtyCount(),
        making(),
        surveys.last(),
        limits(),
        scrub.lastFinished(),
        problems.list(territories),
        clock.instant());
  }

  private LimitsStatus limits() {
    Allowances allowances = limiting.allowances();
    return new LimitsStatus(allowances.whole(), allowances.useClock(), limiting.counted());
  }

  private StatusReport.Making making() {
    Statistics statistics = warming.compilers().statistics();
    return new StatusReport.Making(
        probing.known(), warming.queue().pending(), statistics.workers(), statistics.quarantined());
  }

  private Map<String, StatusReport.ProjectWatch> projectWatches() {
    Map<String, StatusReport.ProjectWatch> byName = new LinkedHashMap<>();
    for (WatchStatus status : watches.status()) {
      // What is not yet, or no longer, told of by events is looked at on a timer.
      String mode = status.mode() == WatchMode.EVENTS ? "events" : "polling";
      byName.put(
          status.project().name(), new StatusReport.ProjectWatch(mode, status.directories()));
    }
    return byName;
  }
}
