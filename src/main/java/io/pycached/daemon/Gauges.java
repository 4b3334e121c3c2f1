package io.pycached.daemon;

import io.pycached.audit.FlawLedger;
import io.pycached.metrics.FilesAndBytes;
import io.pycached.metrics.LimitReading;
import io.pycached.metrics.ProjectReading;
import io.pycached.metrics.Reading;
import io.pycached.metrics.WatchReading;
import io.pycached.metrics.WorkerReading;
import io.pycached.reconcile.Territory;
import io.pycached.reconcile.TerritoryStatus;
import io.pycached.report.LimitsStatus;
import io.pycached.report.StatusReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Turns the status into the numbers of a scrape. */
final class Gauges {
  private Gauges() {}

  static Reading of(StatusReport status, List<FlawLedger.Standing> flaws, boolean ready) {
    Map<String, Map<String, FilesAndBytes>> files = new HashMap<>();
    List<ProjectReading> projects = new ArrayList<>();
    for (TerritoryStatus territory : status.territories()) {
      territory
          .totals()
          .byTag()
          .forEach(
              (tag, states) ->
                  states.forEach(
                      (state, count) ->
                          files
                              .computeIfAbsent(tag, t -> new HashMap<>())
                              .merge(
                                  state.label(),
                                  new FilesAndBytes(count.files(), count.bytes()),
                                  (a, b) ->
                                      new FilesAndBytes(
                                          a.files() + b.files(), a.bytes() + b.bytes()))));
      if (territory.territory() instanceof Territory.OfProject project) {
        projects.add(
            new ProjectReading(
                project.name(),
                territory.sources(),
                territory.vanished().isEmpty(),
                status.isPolled(project.name())));
      }
    }
    return new Reading(
        files,
        projects,
        new WatchReading(
            status.watching().directories(),
            status.watching().limit(),
            status.watching().overflows()),
        status.dirty(),
        new WorkerReading(
            status.making().waiting(), status.making().workers(), status.making().quarantined()),
        flaws.stream()
            .collect(
                Collectors.toMap(standing -> standing.kind().label(), FlawLedger.Standing::count)),
        ready,
        status.problems().stream()
            .collect(Collectors.groupingBy(StatusReport.Problem::code, Collectors.counting())),
        limits(status.limits()));
  }

  private static LimitReading limits(LimitsStatus limits) {
    return new LimitReading(
        limits.bounds().maxBytes(),
        limits.bounds().maxFiles(),
        limits.counted().map(there -> new FilesAndBytes(there.files(), there.bytes())));
  }
}
