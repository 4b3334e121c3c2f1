package io.pycached.report;

import com.google.gson.stream.JsonWriter;
import io.pycached.apply.Outcome;
import io.pycached.reconcile.Count;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Territory;
import io.pycached.reconcile.TerritoryStatus;
import io.pycached.survey.DirectoryPair;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What {@code pycached prune} or {@code sync} did, or in a dry run would do. Counts everything and
 * lists the first {@value Foremost#MOST} of a kind by path.
 */
public final class WorkReport implements ReconcileListener {
  private final boolean dryRun;
  private final Foremost<Outcome> actions = listed();
  private final Foremost<Outcome> skipped = listed();
  private final Foremost<Outcome> failed = listed();
  private final Sum compiled = new Sum();
  private final Sum adopted = new Sum();
  private final Sum deleted = new Sum();
  private final LongAdder directories = new LongAdder();
  private final AtomicBoolean held = new AtomicBoolean();
  private final AtomicInteger waiting = new AtomicInteger();
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  public WorkReport(boolean dryRun) {
    this.dryRun = dryRun;
  }

  private static Foremost<Outcome> listed() {
    return new Foremost<>(Foremost.MOST, Comparator.comparing(Outcome::path));
  }

  /** Files and their bytes, counted by many threads. */
  private static final class Sum {
    private final LongAdder files = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    void add(long size) {
      files.increment();
      bytes.add(size);
    }

    Count count() {
      return new Count(files.sum(), bytes.sum());
    }
  }

  @Override
  public void happened(Territory territory, Outcome outcome) {
    if (outcome instanceof Outcome.Skipped) {
      skipped.add(outcome);
    } else if (outcome instanceof Outcome.Failed || outcome instanceof Outcome.Refused) {
      failed.add(outcome);
    } else {
      actions.add(outcome);
    }
    if (outcome instanceof Outcome.Deleted gone) {
      deleted.add(gone.bytes());
    } else if (outcome instanceof Outcome.Removed) {
      directories.increment();
    } else if (outcome instanceof Outcome.Compiled made) {
      compiled.add(made.bytes());
    } else if (outcome instanceof Outcome.Adopted copied) {
      adopted.add(copied.bytes());
    }
  }

  @Override
  public void waits(Territory territory, Path relative, Instant due) {
    if (due.isAfter(Instant.EPOCH)) {
      waiting.incrementAndGet();
    }
  }

  @Override
  public void failed(Territory territory, DirectoryPair pair, IOException failure) {
    happened(territory, new Outcome.Failed(pair.mirror(), failure));
  }

  /** Takes {@code line}, which says why not all that is asked for can be done. */
  public void warn(String line) {
    warnings.add(line);
  }

  /** Takes from {@code status} whether orphans of a project were kept. */
  public void keeps(TerritoryStatus status) {
    Territory territory = status.territory();
    Path root = territory.prefix().path().getFileSystem().getPath("");
    status
        .held()
        .ifPresent(
            why -> {
              held.set(true);
              skipped.add(
                  new Outcome.Skipped(
                      territory.pair(root).mirror(),
                      "mass-deletion: %s; if that is right: pycached prune --project %s --confirm"
                          .formatted(why, territory.name())));
            });
  }

  /** {@return whether something could not be done, or was not} */
  public boolean isPartial() {
    return !failed.isEmpty() || held.get();
  }

  /** Writes the document for programs, or what people are shown. */
  public void write(boolean json, PrintWriter out, Duration elapsed) {
    if (json) {
      writeJson(out, elapsed);
    } else {
      writeText(out, elapsed);
    }
  }

  /** Writes the document of {@code prune -o json} and {@code sync -o json}. */
  public void writeJson(PrintWriter out, Duration elapsed) {
    JsonDocument.write(
        out,
        json -> {
          json.name("dry_run").value(dryRun);
          JsonDocument.seconds(json, "elapsed_seconds", elapsed);
          JsonDocument.count(json, "compiled", compiled.count());
          JsonDocument.count(json, "adopted", adopted.count());
          // Nothing tells that a source with another time is the one that was compiled.
          JsonDocument.count(json, "restamped", Count.ZERO);
          json.name("deleted").beginObject();
          json.name("files").value(deleted.count().files());
          json.name("bytes").value(deleted.count().bytes());
          json.name("directories").value(directories.sum());
          json.endObject();
          json.name("actions").beginArray();
          for (Outcome outcome : actions.sorted()) {
            action(json, outcome);
          }
          json.endArray();
          json.name("skipped").beginArray();
          for (Outcome outcome : skipped.sorted()) {
            told(json, outcome, "reason");
          }
          json.endArray();
          json.name("failed").beginArray();
          for (Outcome outcome : failed.sorted()) {
            told(json, outcome, "error");
          }
          json.endArray();
          json.name("warnings").beginArray();
          for (String warning : warnings) {
            json.value(warning);
          }
          json.endArray();
          json.name("omitted").beginObject();
          json.name("actions").value(actions.omitted());
          json.name("skipped").value(skipped.omitted());
          json.name("failed").value(failed.omitted()).endObject();
        });
  }

  private static void told(JsonWriter json, Outcome outcome, String member) throws IOException {
    json.beginObject();
    JsonDocument.path(json, "path", outcome.path());
    json.name(member).value(message(outcome)).endObject();
  }

  private static String message(Outcome outcome) {
    if (outcome instanceof Outcome.Skipped skip) {
      return skip.reason();
    }
    return outcome instanceof Outcome.Failed failure
        ? String.valueOf(failure.failure().getMessage())
        : ((Outcome.Refused) outcome).message();
  }

  private static void action(JsonWriter json, Outcome outcome) throws IOException {
    if (outcome instanceof Outcome.Compiled made) {
      action(json, "compile", made.path(), made.reason(), made.bytes());
    } else if (outcome instanceof Outcome.Adopted copied) {
      action(json, "adopt", copied.path(), copied.reason(), copied.bytes());
    } else if (outcome instanceof Outcome.Deleted gone) {
      action(json, "delete", gone.path(), gone.reason(), gone.bytes());
    } else if (outcome instanceof Outcome.Removed removed) {
      action(json, "remove-directory", removed.path(), "empty", 0);
    }
  }

  private static void action(JsonWriter json, String action, Path path, String reason, long bytes)
      throws IOException {
    json.beginObject().name("action").value(action);
    JsonDocument.path(json, "path", path);
    json.name("reason").value(reason).name("bytes").value(bytes).endObject();
  }

  /** Writes the warnings for people, who without a daemon see them before the work begins. */
  public void writeWarnings(PrintWriter out) {
    warnings.forEach(out::println);
  }

  /** Writes what {@code prune} and {@code sync} show people: of what was made, only the sum. */
  public void writeText(PrintWriter out, Duration elapsed) {
    String verb = dryRun ? "would delete" : "deleted";
    for (Outcome outcome : actions.sorted()) {
      if (outcome instanceof Outcome.Deleted gone) {
        out.printf("%s  %s  (%s)%n", verb, Text.path(gone.path()), gone.reason());
      }
    }
    Text.omitted(out, actions.omitted(), "actions");
    for (Outcome outcome : skipped.sorted()) {
      out.printf("skipped  %s  (%s)%n", Text.path(outcome.path()), message(outcome));
    }
    Text.omitted(out, skipped.omitted(), "that were skipped");
    for (Outcome outcome : failed.sorted()) {
      out.printf("failed  %s  %s%n", Text.path(outcome.path()), Text.printable(message(outcome)));
    }
    Text.omitted(out, failed.omitted(), "failures");
    made(out, dryRun ? "would compile" : "compiled", compiled.count());
    made(out, dryRun ? "would adopt" : "adopted", adopted.count());
    out.printf(
        "%s %s, %s, and %s in %s%n",
        verb,
        Text.files(deleted.count().files()),
        Text.size(deleted.count().bytes()),
        Text.count(directories.sum(), "empty directory", "empty directories"),
        Text.seconds(elapsed));
    if (waiting.get() > 0) {
      out.printf(
          "in %s something is not old enough yet%n",
          Text.count(waiting.get(), "directory", "directories"));
    }
    out.flush();
  }

  private static void made(PrintWriter out, String verb, Count count) {
    if (count.files() > 0) {
      String bytes = count.bytes() == 0 ? "" : ", " + Text.size(count.bytes());
      out.printf("%s %s%s%n", verb, Text.files(count.files()), bytes);
    }
  }
}
