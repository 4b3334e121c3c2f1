package io.pycached.report;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import io.pycached.clean.CleanListener;
import io.pycached.clean.Cleaned;
import io.pycached.clean.Cleaned.Failure;
import io.pycached.clean.Cleaned.Kept;
import io.pycached.reconcile.Count;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * What {@code pycached clean} does, or in a dry run would do, told directory by directory while it
 * does it: memory does not grow with the tree. Belongs to one thread.
 */
public final class CleanReport {
  private final boolean dryRun;
  private final Foremost<Failure> failures =
      new Foremost<>(Foremost.MOST, Comparator.comparing(Failure::path));
  private Count deleted = Count.ZERO;
  private Count adopted = Count.ZERO;
  private long directories;
  private long kept;

  /** The work that is reported. */
  public interface Work {
    void run(CleanListener listener);
  }

  public CleanReport(boolean dryRun) {
    this.dryRun = dryRun;
  }

  /** {@return whether something could not be done} */
  public boolean hasFailures() {
    return !failures.isEmpty();
  }

  /**
   * Takes what a daemon adopted before the work begins.
   *
   * @param answer its JSON document, to {@code POST /v1/sync}
   */
  public void adopts(String answer) {
    JsonObject count = JsonParser.parseString(answer).getAsJsonObject().getAsJsonObject("adopted");
    adopted =
        adopted.plus(new Count(count.get("files").getAsLong(), count.get("bytes").getAsLong()));
  }

  private interface Telling {
    void tell(Cleaned directory);
  }

  private CleanListener counting(Telling telling) {
    return new CleanListener() {
      @Override
      public void cleaned(Cleaned directory) {
        deleted = deleted.plus(new Count(directory.files(), directory.bytes()));
        adopted = adopted.plus(new Count(directory.adopted(), directory.adoptedBytes()));
        directories += directory.removed() ? 1 : 0;
        kept += directory.kept().size();
        directory.failures().forEach(failures::add);
        telling.tell(directory);
      }

      @Override
      public void failed(Path directory, IOException cause) {
        failures.add(new Failure(directory, cause));
      }
    };
  }

  /** Does {@code work} and writes the document of {@code clean -o json}. */
  public void writeJson(PrintWriter out, Work work) {
    JsonDocument.write(
        out,
        json -> {
          json.name("dry_run").value(dryRun);
          json.name("directories").beginArray();
          work.run(counting(directory -> tell(json, directory)));
          json.endArray();
          json.name("failed").beginArray();
          for (Failure failure : failures.sorted()) {
            json.beginObject();
            JsonDocument.path(json, "path", failure.path());
            json.name("error").value(Failures.reason(failure.cause())).endObject();
          }
          json.endArray();
          JsonDocument.count(json, "adopted", adopted);
          json.name("deleted").beginObject();
          json.name("files").value(deleted.files()).name("bytes").value(deleted.bytes());
          json.name("directories").value(directories).endObject();
          json.name("kept").value(kept);
          json.name("omitted").beginObject();
          json.name("failed").value(failures.omitted()).endObject();
        });
  }

  private static void tell(JsonWriter json, Cleaned directory) {
    try {
      json.beginObject();
      JsonDocument.path(json, "path", directory.path());
      json.name("files").value(directory.files()).name("bytes").value(directory.bytes());
      json.name("adopted").value(directory.adopted());
      json.name("removed").value(directory.removed());
      json.name("kept").beginArray();
      for (Kept one : directory.kept()) {
        json.beginObject();
        JsonDocument.path(json, "path", one.path());
        json.name("reason").value(one.reason()).endObject();
      }
      json.endArray().endObject();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Does {@code work} and writes what {@code clean} shows people. */
  public void writeText(PrintWriter out, Work work) {
    String removed = dryRun ? "would remove" : "removed";
    String emptied = dryRun ? "would empty" : "emptied";
    work.run(
        counting(
            directory -> {
              if (directory.removed() || directory.files() > 0) {
                out.printf(
                    "%s  %s  (%s, %s)%n",
                    directory.removed() ? removed : emptied,
                    Text.path(directory.path()),
                    Text.files(directory.files()),
                    Text.size(directory.bytes()));
              }
              for (Kept one : directory.kept()) {
                out.printf("kept  %s  (%s)%n", Text.path(one.path()), one.reason());
              }
            }));
    for (Failure failure : failures.sorted()) {
      out.printf("failed  %s  %s%n", Text.path(failure.path()), Failures.reason(failure.cause()));
    }
    Text.omitted(out, failures.omitted(), "failures");
    out.printf(
        "%s %s, %s, and %s",
        removed,
        Text.files(deleted.files()),
        Text.size(deleted.bytes()),
        Text.count(directories, "directory", "directories"));
    if (adopted.files() > 0) {
      out.printf(", %s of them into the prefix", Text.files(adopted.files()));
    }
    out.printf("; kept %s%n", Text.number(kept));
    out.flush();
  }
}
