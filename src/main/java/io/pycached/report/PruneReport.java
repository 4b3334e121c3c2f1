package io.pycached.report;

import com.google.gson.stream.JsonWriter;
import io.pycached.apply.Outcome;
import io.pycached.reconcile.Count;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Territory;
import io.pycached.survey.DirectoryPair;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What {@code pycached prune} did, or in a dry run would do. */
public final class PruneReport implements ReconcileListener {
  private final boolean dryRun;
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  public PruneReport(boolean dryRun) {
    this.dryRun = dryRun;
  }

  @Override
  public void happened(Territory territory, Outcome outcome) {
    outcomes.add(outcome);
  }

  @Override
  public void waits(Territory territory, Path relative, Instant due) {
    if (due.isAfter(Instant.EPOCH)) {
      waiting.incrementAndGet();
    }
  }

  @Override
  public void failed(Territory territory, DirectoryPair pair, IOException failure) {
    outcomes.add(new Outcome.Failed(pair.mirror(), failure));
  }

  /** {@return whether something could not be done} */
  public boolean hasFailures() {
    return outcomes.stream().anyMatch(Outcome.Failed.class::isInstance);
  }

  /** Writes the document of {@code prune -o json}. */
  public void writeJson(PrintWriter out, Duration elapsed) {
    JsonDocument.write(
        out,
        json -> {
          json.name("dry_run").value(dryRun);
          JsonDocument.seconds(json, "elapsed_seconds", elapsed);
          // Only sync makes bytecode; the members are there for those who read both.
          JsonDocument.count(json, "compiled", Count.ZERO);
          JsonDocument.count(json, "adopted", Count.ZERO);
          JsonDocument.count(json, "restamped", Count.ZERO);
          Count deleted = deleted();
          json.name("deleted").beginObject();
          json.name("files").value(deleted.files()).name("bytes").value(deleted.bytes());
          json.name("directories").value(of(Outcome.Removed.class).size());
          json.endObject();
          json.name("actions").beginArray();
          for (Outcome outcome : sorted()) {
            action(json, outcome);
          }
          json.endArray();
          json.name("skipped").beginArray();
          for (Outcome.Skipped skipped : of(Outcome.Skipped.class)) {
            json.beginObject();
            JsonDocument.path(json, "path", skipped.path());
            json.name("reason").value(skipped.reason()).endObject();
          }
          json.endArray();
          json.name("failed").beginArray();
          for (Outcome.Failed failed : of(Outcome.Failed.class)) {
            json.beginObject();
            JsonDocument.path(json, "path", failed.path());
            json.name("error").value(String.valueOf(failed.failure().getMessage())).endObject();
          }
          json.endArray();
        });
  }

  private static void action(JsonWriter json, Outcome outcome) throws IOException {
    if (outcome instanceof Outcome.Deleted deleted) {
      json.beginObject().name("action").value("delete");
      JsonDocument.path(json, "path", deleted.path());
      json.name("reason").value(deleted.reason()).name("bytes").value(deleted.bytes()).endObject();
    } else if (outcome instanceof Outcome.Removed removed) {
      json.beginObject().name("action").value("remove-directory");
      JsonDocument.path(json, "path", removed.path());
      json.name("reason").value("empty").name("bytes").value(0).endObject();
    }
  }

  /** Writes what {@code prune} shows people. */
  public void writeText(PrintWriter out, Duration elapsed) {
    String verb = dryRun ? "would delete" : "deleted";
    for (Outcome outcome : sorted()) {
      if (outcome instanceof Outcome.Deleted deleted) {
        out.printf("%s  %s  (%s)%n", verb, Text.path(deleted.path()), deleted.reason());
      } else if (outcome instanceof Outcome.Skipped skipped) {
        out.printf("skipped  %s  (%s)%n", Text.path(skipped.path()), skipped.reason());
      } else if (outcome instanceof Outcome.Failed failed) {
        out.printf("failed  %s  %s%n", Text.path(failed.path()), failed.failure().getMessage());
      }
    }
    Count deleted = deleted();
    out.printf(
        "%s %s files, %s, and %s empty directories in %s%n",
        verb,
        Text.number(deleted.files()),
        Text.size(deleted.bytes()),
        Text.number(of(Outcome.Removed.class).size()),
        Text.seconds(elapsed));
    if (waiting.get() > 0) {
      out.printf("in %s directories something is not old enough yet%n", Text.number(waiting.get()));
    }
    out.flush();
  }

  private Count deleted() {
    return of(Outcome.Deleted.class).stream()
        .map(deleted -> new Count(1, deleted.bytes()))
        .reduce(Count.ZERO, Count::plus);
  }

  private <T extends Outcome> List<T> of(Class<T> kind) {
    return sorted().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private List<Outcome> sorted() {
    List<Outcome> sorted = new ArrayList<>(outcomes);
    sorted.sort(Comparator.comparing(Outcome::path));
    return sorted;
  }
}
