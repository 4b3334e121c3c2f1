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
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What {@code pycached prune} did, or in a dry run would do. Counts everything and lists the first
 * {@value Foremost#MOST} of a kind by path.
 */
public final class PruneReport implements ReconcileListener {
  private final boolean dryRun;
  private final Foremost<Outcome> actions = listed();
  private final Foremost<Outcome> skipped = listed();
  private final Foremost<Outcome> failed = listed();
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder directories = new LongAdder();
  private final AtomicInteger waiting = new AtomicInteger();

  public PruneReport(boolean dryRun) {
    this.dryRun = dryRun;
  }

  private static Foremost<Outcome> listed() {
    return new Foremost<>(Foremost.MOST, Comparator.comparing(Outcome::path));
  }

  @Override
  public void happened(Territory territory, Outcome outcome) {
    if (outcome instanceof Outcome.Skipped) {
      skipped.add(outcome);
    } else if (outcome instanceof Outcome.Failed) {
      failed.add(outcome);
    } else {
      actions.add(outcome);
    }
    if (outcome instanceof Outcome.Deleted deleted) {
      files.increment();
      bytes.add(deleted.bytes());
    } else if (outcome instanceof Outcome.Removed) {
      directories.increment();
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

  /** {@return whether something could not be done} */
  public boolean hasFailures() {
    return !failed.isEmpty();
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
          json.name("deleted").beginObject();
          json.name("files").value(files.sum()).name("bytes").value(bytes.sum());
          json.name("directories").value(directories.sum());
          json.endObject();
          json.name("actions").beginArray();
          for (Outcome outcome : actions.sorted()) {
            action(json, outcome);
          }
          json.endArray();
          json.name("skipped").beginArray();
          for (Outcome outcome : skipped.sorted()) {
            if (outcome instanceof Outcome.Skipped one) {
              json.beginObject();
              JsonDocument.path(json, "path", one.path());
              json.name("reason").value(one.reason()).endObject();
            }
          }
          json.endArray();
          json.name("failed").beginArray();
          for (Outcome outcome : failed.sorted()) {
            if (outcome instanceof Outcome.Failed one) {
              json.beginObject();
              JsonDocument.path(json, "path", one.path());
              json.name("error").value(String.valueOf(one.failure().getMessage())).endObject();
            }
          }
          json.endArray();
          json.name("omitted").beginObject();
          json.name("actions").value(actions.omitted());
          json.name("skipped").value(skipped.omitted());
          json.name("failed").value(failed.omitted()).endObject();
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
    for (Outcome outcome : actions.sorted()) {
      if (outcome instanceof Outcome.Deleted deleted) {
        out.printf("%s  %s  (%s)%n", verb, Text.path(deleted.path()), deleted.reason());
      }
    }
    Text.omitted(out, actions.omitted(), "actions");
    for (Outcome outcome : skipped.sorted()) {
      if (outcome instanceof Outcome.Skipped one) {
        out.printf("skipped  %s  (%s)%n", Text.path(one.path()), one.reason());
      }
    }
    Text.omitted(out, skipped.omitted(), "that were skipped");
    for (Outcome outcome : failed.sorted()) {
      if (outcome instanceof Outcome.Failed one) {
        out.printf("failed  %s  %s%n", Text.path(one.path()), one.failure().getMessage());
      }
    }
    Text.omitted(out, failed.omitted(), "failures");
    out.printf(
        "%s %s files, %s, and %s empty directories in %s%n",
        verb,
        Text.number(files.sum()),
        Text.size(bytes.sum()),
        Text.number(directories.sum()),
        Text.seconds(elapsed));
    if (waiting.get() > 0) {
      out.printf("in %s directories something is not old enough yet%n", Text.number(waiting.get()));
    }
    out.flush();
  }
}
