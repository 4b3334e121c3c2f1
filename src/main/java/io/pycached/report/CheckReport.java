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
import java.util.Comparator;
import java.util.List;

/**
 * What {@code pycached check} found. Counts everything and lists the first {@value Foremost#MOST}
 * findings by path: memory stays bounded whatever the prefix holds.
 */
public final class CheckReport implements ReconcileListener {
  private final boolean all;
  private final Foremost<Finding> findings = new Foremost<>(Foremost.MOST, Finding.BY_PATH);
  private final Foremost<Failure> failures =
      new Foremost<>(Foremost.MOST, Comparator.comparing(Failure::path));
  private volatile boolean amiss;

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
      boolean wrong = isAmiss(territory, file);
      if (all || wrong) {
        State state = file.verdict().state();
        amiss |= state != State.FRESH && state != State.FOREIGN;
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
    amiss = true;
    failures.add(new Failure(pair.mirror(), failure));
  }

  /** {@return whether something is amiss, or could not be looked at} */
  public boolean isAmiss() {
    return amiss;
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
          for (Finding finding : findings.sorted()) {
            finding.write(json);
          }
          json.endArray();
          json.name("failed").beginArray();
          for (Failure failure : failures.sorted()) {
            json.beginObject();
            JsonDocument.path(json, "path", failure.path());
            json.name("error").value(String.valueOf(failure.cause().getMessage()));
            json.endObject();
          }
          json.endArray();
          json.name("omitted").beginObject();
          json.name("findings").value(findings.omitted());
          json.name("failed").value(failures.omitted()).endObject();
        });
  }

  /** Writes what {@code check} shows people. */
  public void writeText(
      PrintWriter out, Path prefix, List<TerritoryStatus> statuses, Duration elapsed) {
    for (Finding finding : findings.sorted()) {
      out.println(finding.line());
    }
    Text.omitted(out, findings.omitted(), "findings");
    for (Failure failure : failures.sorted()) {
      out.println(
          "failed                       "
              + Text.path(failure.path())
              + "  "
              + failure.cause().getMessage());
    }
    Text.omitted(out, failures.omitted(), "failures");
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
                + Text.count(status.sources(), "source", "sources"));
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
