package io.pycached.report;

import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Territory;
import io.pycached.reconcile.TerritoryStatus;
import io.pycached.reconcile.Totals;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.State;
import io.pycached.survey.Survey;
import io.pycached.survey.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What {@code pycached check} found. */
public final class CheckReport implements ReconcileListener {
  private final boolean all;
  private final Queue<Finding> findings = new ConcurrentLinkedQueue<>();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

  private record Failure(Path path, IOException cause) {}

  /**
   * @param all whether files that nothing is wrong with are told of, too
   */
  public CheckReport(boolean all) {
    this.all = all;
  }

  @Override
  public void surveyed(Territory territory, Survey survey) {
    for (MirrorFile file : survey.files()) {
      if (all || isAmiss(territory, file)) {
        findings.add(Finding.of(survey, file));
      }
    }
  }

  /**
   * Foreign files are only counted. That a source outside every project cannot be seen says nothing
   * against its bytecode.
   */
  private static boolean isAmiss(Territory territory, MirrorFile file) {
    State state = file.verdict().state();
    boolean invisible =
        territory instanceof Territory.Unclaimed && file.verdict() == Verdict.SOURCE_UNREADABLE;
    return state != State.FRESH && state != State.FOREIGN && !invisible;
  }

  @Override
  public void failed(Territory territory, DirectoryPair pair, IOException failure) {
    failures.add(new Failure(pair.mirror(), failure));
  }

  /** {@return whether something is amiss, or could not be looked at} */
  public boolean isAmiss() {
    return !failures.isEmpty()
        || findings.stream()
            .anyMatch(
                finding ->
                    finding.file().verdict().state() != State.FRESH
                        && finding.file().verdict().state() != State.FOREIGN);
  }

  /** Writes the document of {@code check -o json}. */
  public void writeJson(
      PrintWriter out, Path prefix, List<TerritoryStatus> statuses, Duration elapsed) {
    JsonDocument.write(
        out,
        json -> {
          JsonDocument.path(json, "prefix", prefix);
          JsonDocument.seconds(json, "elapsed_seconds", elapsed);
          JsonDocument.totals(json, sum(statuses));
          json.name("projects").beginArray();
          for (TerritoryStatus status : statuses) {
            if (status.territory() instanceof Territory.OfProject territory) {
              json.beginObject().name("name").value(territory.name());
              JsonDocument.path(json, "path", territory.project().path());
              json.name("sources").value(status.sources());
              JsonDocument.totals(json, status.totals());
              json.endObject();
            }
          }
          json.endArray();
          json.name("unclaimed").beginObject();
          JsonDocument.totals(json, unclaimed(statuses));
          json.endObject();
          json.name("findings").beginArray();
          for (Finding finding : sorted()) {
            finding.write(json);
          }
          json.endArray();
          json.name("failed").beginArray();
          for (Failure failure : failures) {
            json.beginObject();
            JsonDocument.path(json, "path", failure.path());
            json.name("error").value(String.valueOf(failure.cause().getMessage()));
            json.endObject();
          }
          json.endArray();
        });
  }

  /** Writes what {@code check} shows people. */
  public void writeText(
      PrintWriter out, Path prefix, List<TerritoryStatus> statuses, Duration elapsed) {
    for (Finding finding : sorted()) {
      out.println(finding.line());
    }
    for (Failure failure : failures) {
      out.println(
          "failed                       "
              + Text.path(failure.path())
              + "  "
              + failure.cause().getMessage());
    }
    if (!findings.isEmpty() || !failures.isEmpty()) {
      out.println();
    }
    out.println("prefix " + Text.path(prefix) + ", surveyed in " + Text.seconds(elapsed));
    for (TerritoryStatus status : statuses) {
      if (status.territory() instanceof Territory.OfProject territory) {
        out.println();
        out.println(
            "project "
                + territory.name()
                + "  "
                + Text.path(territory.project().path())
                + "  "
                + Text.number(status.sources())
                + " sources");
        Text.totals(status.totals(), "  ").forEach(out::println);
      }
    }
    Totals rest = unclaimed(statuses);
    if (!rest.byTag().isEmpty()) {
      out.println();
      out.println("unclaimed");
      Text.totals(rest, "  ").forEach(out::println);
    }
    out.flush();
  }

  private List<Finding> sorted() {
    List<Finding> sorted = new ArrayList<>(findings);
    sorted.sort(Finding.BY_PATH);
    return sorted;
  }

  static Totals sum(List<TerritoryStatus> statuses) {
    return statuses.stream().map(TerritoryStatus::totals).reduce(Totals.NONE, Totals::plus);
  }

  static Totals unclaimed(List<TerritoryStatus> statuses) {
    return statuses.stream()
        .filter(status -> status.territory() instanceof Territory.Unclaimed)
        .map(TerritoryStatus::totals)
        .reduce(Totals.NONE, Totals::plus);
  }
}
