package io.pycached.report;

import com.google.gson.stream.JsonWriter;
import io.pycached.compile.Interpreter;
import io.pycached.reconcile.Count;
import io.pycached.reconcile.Territory;
import io.pycached.reconcile.TerritoryStatus;
import io.pycached.reconcile.Totals;
import io.pycached.survey.State;
import io.pycached.survey.Voucher;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What {@code pycached status} answers.
 *
 * @param state {@code starting}, {@code ready}, {@code degraded} or {@code stopping}
 * @param territories what is known of each project, and last of what is unclaimed
 * @param watches how each project is watched, by name
 * @param making what is being compiled, and by whom it can be
 * @param lastScrub when all bytecode had been looked at closely
 * @param now when this was put together
 */
public record StatusReport(
    String version,
    long pid,
    String state,
    Instant startedAt,
    Path prefix,
    List<TerritoryStatus> territories,
    Map<String, ProjectWatch> watches,
    Watching watching,
    int dirty,
    Making making,
    Optional<LastSurvey> lastSurvey,
    LimitsStatus limits,
    Optional<Instant> lastScrub,
    List<Problem> problems,
    Instant now) {
  private static final List<State> BYTECODE =
      List.of(State.FRESH, State.STALE, State.ORPHANED, State.CORRUPT, State.UNVERIFIABLE);

  /**
   * How one project is watched.
   *
   * @param mode {@code events} or {@code polling}
   * @param directories how many directories are watched
   */
  public record ProjectWatch(String mode, long directories) {}

  /** How all of them are. */
  public record Watching(long directories, OptionalLong limit, long overflows) {}

  /**
   * What is being compiled.
   *
   * @param interpreters those that were found and answered
   * @param waiting files that wait to be made or are being made
   * @param workers worker processes that live
   * @param quarantined sources that ended a worker and are left alone until they change
   */
  public record Making(
      List<Interpreter> interpreters, int waiting, int workers, long quarantined) {}

  /** The last survey of everything. */
  public record LastSurvey(Instant at, Duration took) {}

  /** Something that someone should look into. */
  public record Problem(String code, String message, Instant since) {}

  /** Writes the document of {@code status -o json}. */
  public void writeJson(PrintWriter out) {
    JsonDocument.write(
        out,
        json -> {
          json.name("version").value(version).name("pid").value(pid).name("state").value(state);
          json.name("started_at").value(startedAt.toString());
          JsonDocument.path(json, "prefix", prefix);
          JsonDocument.totals(json, CheckReport.sum(territories));
          json.name("unclaimed").beginObject();
          JsonDocument.totals(json, CheckReport.unclaimed(territories));
          json.endObject();
          json.name("projects").beginArray();
          for (TerritoryStatus territory : territories) {
            if (territory.territory() instanceof Territory.OfProject project) {
              project(json, project, territory);
            }
          }
          json.endArray();
          json.name("interpreters").beginArray();
          for (Interpreter interpreter : making.interpreters()) {
            json.beginObject().name("cache_tag").value(interpreter.cacheTag().name());
            json.name("magic").value(interpreter.magic());
            json.name("version").value(interpreter.version());
            JsonDocument.path(json, "executable", interpreter.executable());
            json.endObject();
          }
          json.endArray();
          json.name("watch").beginObject();
          json.name("directories").value(watching.directories());
          json.name("limit")
              .value(watching.limit().isPresent() ? watching.limit().getAsLong() : null);
          json.name("overflows").value(watching.overflows()).endObject();
          json.name("queue").beginObject();
          json.name("dirty").value(dirty).name("compiling").value(making.waiting());
          json.name("quarantined").value(making.quarantined()).endObject();
          json.name("last_survey");
          if (lastSurvey.isPresent()) {
            json.beginObject().name("at").value(lastSurvey.get().at().toString());
            JsonDocument.seconds(json, "seconds", lastSurvey.get().took());
            json.endObject();
          } else {
            json.nullValue();
          }
          json.name("limits");
          limits.writeJson(json);
          json.name("last_scrub_at").value(lastScrub.map(Instant::toString).orElse(null));
          json.name("problems").beginArray();
          for (Problem problem : problems) {
            json.beginObject().name("code").value(problem.code());
            json.name("message").value(problem.message());
            json.name("since").value(problem.since().toString()).endObject();
          }
          json.endArray();
        });
  }

  private void project(JsonWriter json, Territory.OfProject territory, TerritoryStatus status)
      throws IOException {
    ProjectWatch watch = watch(territory);
    json.beginObject().name("name").value(territory.name());
    JsonDocument.path(json, "path", territory.project().path());
    json.name("visible").value(status.vanished().isEmpty());
    json.name("watch").beginObject();
    json.name("mode")
        .value(watch.mode())
        .name("directories")
        .value(watch.directories())
        .endObject();
    json.name("sources").value(status.sources());
    JsonDocument.totals(json, status.totals());
    json.name("last_reconciled_at")
        .value(status.lastReconciled().map(Instant::toString).orElse(null));
    json.endObject();
  }

  /** {@return whether the project {@code name} is looked at on a timer} */
  public boolean isPolled(String name) {
    ProjectWatch watch = watches.get(name);
    return watch != null && watch.mode().equals("polling");
  }

  private ProjectWatch watch(Territory territory) {
    return watches.getOrDefault(territory.name(), new ProjectWatch("polling", 0));
  }

  /** Writes what {@code status} shows people. */
  public void writeText(PrintWriter out) {
    out.printf(
        "pycached %s, %s since %s (%s), pid %d%n",
        version, state, startedAt, Text.ago(Duration.between(startedAt, now)), pid);
    row(out, "prefix", Text.path(prefix));
    row(
        out,
        "watching",
        Text.count(watching.directories(), "directory", "directories")
            + (watching.limit().isPresent()
                ? " (limit " + Text.number(watching.limit().getAsLong()) + ")"
                : "")
            + ", "
            + Text.count(watching.overflows(), "overflow", "overflows")
            + ", "
            + Text.number(dirty)
            + " waiting");
    row(
        out,
        "surveyed",
        lastSurvey
            .map(
                last ->
                    Text.ago(Duration.between(last.at(), now))
                        + " ago, in "
                        + Text.seconds(last.took()))
            .orElse("not yet"));
    row(out, "compiling", compiling());
    row(out, "limits", limits.line());
    long unseen = unseen();
    if (unseen > 0) {
      row(
          out,
          "unclaimed",
          Text.files(unseen)
              + " whose sources are not seen here, which does not say that they are gone:"
              + " only the limits apply");
    }
    for (Problem problem : problems) {
      row(out, "PROBLEM", problem.code() + ": " + Text.printable(problem.message()));
    }
    out.println();
    table(out);
    out.flush();
  }

  /** The unclaimed files whose sources may be elsewhere, as in another container. */
  private long unseen() {
    for (TerritoryStatus status : territories) {
      if (status.territory() instanceof Territory.Unclaimed unclaimed
          && unclaimed.voucher() == Voucher.NOBODY) {
        return status.totals().of(State.UNVERIFIABLE).files();
      }
    }
    return 0;
  }

  /** {@return how the daemon is doing, in a line: what the service manager shows} */
  public String line() {
    long projects =
        territories.stream()
            .filter(status -> status.territory() instanceof Territory.OfProject)
            .count();
    Map<State, Count> states = CheckReport.sum(territories).byState();
    StringBuilder line = new StringBuilder(state).append(": ");
    line.append(Text.projects(projects)).append(", ");
    long bytecode = 0;
    StringBuilder amiss = new StringBuilder();
    for (State each : BYTECODE) {
      long files = states.getOrDefault(each, Count.ZERO).files();
      bytecode += files;
      if (each != State.FRESH && files > 0) {
        amiss.append(", ").append(Text.number(files)).append(' ').append(each.label());
      }
    }
    line.append(Text.count(bytecode, "bytecode file", "bytecode files")).append(amiss);
    String codes =
        problems.stream().map(Problem::code).distinct().collect(Collectors.joining(", "));
    return codes.isEmpty() ? line.toString() : line + "; " + codes;
  }

  private String compiling() {
    String tags =
        making.interpreters().stream()
            .map(interpreter -> interpreter.cacheTag().name())
            .distinct()
            .collect(Collectors.joining(", "));
    return (tags.isEmpty() ? "no interpreter found" : "for " + tags)
        + "; "
        + Text.number(making.waiting())
        + " waiting"
        + (making.quarantined() == 0
            ? ""
            : ", " + Text.number(making.quarantined()) + " quarantined");
  }

  private static void row(PrintWriter out, String label, String value) {
    out.printf("  %-10s %s%n", label, value);
  }

  private void table(PrintWriter out) {
    List<String> header = new ArrayList<>(List.of(""));
    Totals all = CheckReport.sum(territories);
    all.byState().forEach((state, count) -> header.add(state.label()));
    header.add("bytes");
    List<List<String>> rows = new ArrayList<>(List.of(header));
    for (TerritoryStatus status : territories) {
      String note =
          status
              .vanished()
              .map(unseen -> unseen.gone() ? " (vanished)" : " (unreadable)")
              .orElse("");
      rows.add(cells(status.territory().name() + note, status.totals()));
    }
    rows.add(cells("total", all));
    int[] widths = new int[header.size()];
    rows.forEach(
        row -> {
          for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("  ");
      for (int i = 0; i < widths.length; i++) {
        String padding = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + padding : "  " + padding + row.get(i));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static List<String> cells(String name, Totals totals) {
    List<String> cells = new ArrayList<>(List.of(Text.printable(name)));
    long bytes = 0;
    for (Count count : totals.byState().values()) {
      cells.add(count.files() == 0 ? "-" : Text.number(count.files()));
      bytes += count.bytes();
    }
    cells.add(Text.size(bytes));
    return cells;
  }
}
