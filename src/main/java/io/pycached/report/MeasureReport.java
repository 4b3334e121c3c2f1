package io.pycached.report;

import com.google.gson.stream.JsonWriter;
import io.pycached.measure.Comparison;
import io.pycached.measure.Comparison.Module;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What {@code pycached measure} found.
 *
 * @param command the words, for people
 * @param repetitions how often each side ran
 */
public record MeasureReport(
    Path prefix, List<String> command, int repetitions, Comparison comparison) {
  /** How many modules people see. */
  private static final int SHOWN = 20;

  /** Values with their own copy of the words. */
  public MeasureReport {
    command = List.copyOf(command);
  }

  /** Writes the document of {@code measure -o json}: every module. */
  public void writeJson(PrintWriter out) {
    JsonDocument.write(
        out,
        json -> {
          JsonDocument.path(json, "prefix", prefix);
          json.name("command").beginArray();
          for (String word : command) {
            json.value(word);
          }
          json.endArray().name("repetitions").value(repetitions);
          json.name("exit_statuses").beginArray();
          for (int status : comparison.statuses()) {
            json.value(status);
          }
          json.endArray();
          side(json, "cold", comparison.cold());
          side(json, "warm", comparison.warm());
          json.name("saved_microseconds").value(saved());
          json.name("modules").beginArray();
          for (Module module : comparison.modules()) {
            json.beginObject().name("name").value(module.name());
            json.name("cold_microseconds").value(module.coldMicroseconds());
            json.name("warm_microseconds").value(module.warmMicroseconds());
            json.name("saved_microseconds").value(module.savedMicroseconds()).endObject();
          }
          json.endArray();
        });
  }

  private static void side(JsonWriter json, String name, Comparison.Side side) throws IOException {
    json.name(name).beginObject();
    json.name("import_microseconds").value(side.importMicroseconds());
    JsonDocument.seconds(json, "elapsed_seconds", side.took());
    json.endObject();
  }

  private long saved() {
    return comparison.cold().importMicroseconds() - comparison.warm().importMicroseconds();
  }

  /** Writes what {@code measure} shows people: the slowest modules and the totals. */
  public void writeText(PrintWriter out) {
    out.println("import times in ms, each without what it imports; median of " + repetitions);
    out.println("cold: nothing cached; warm: " + Text.path(prefix) + " as it is");
    out.println();
    out.printf("%10s %10s %10s  %s%n", "cold", "warm", "saved", "module");
    List<Module> modules = comparison.modules();
    List<Module> shown = modules.subList(0, Math.min(SHOWN, modules.size()));
    for (Module module : shown) {
      row(
          out,
          module.coldMicroseconds(),
          module.warmMicroseconds(),
          module.savedMicroseconds(),
          Text.printable(module.name()));
    }
    List<Module> others = modules.subList(shown.size(), modules.size());
    if (!others.isEmpty()) {
      row(
          out,
          others.stream().mapToLong(Module::coldMicroseconds).sum(),
          others.stream().mapToLong(Module::warmMicroseconds).sum(),
          others.stream().mapToLong(Module::savedMicroseconds).sum(),
          "(" + Text.number(others.size()) + " others)");
    }
    row(
        out,
        comparison.cold().importMicroseconds(),
        comparison.warm().importMicroseconds(),
        saved(),
        "(all imports)");
    long cold = comparison.cold().took().toNanos() / 1000;
    long warm = comparison.warm().took().toNanos() / 1000;
    row(out, cold, warm, cold - warm, "(the whole run)");
    out.flush();
  }

  private static void row(PrintWriter out, long cold, long warm, long saved, String what) {
    out.printf(
        Locale.ROOT, "%10.2f %10.2f %10.2f  %s%n", cold / 1e3, warm / 1e3, saved / 1e3, what);
  }
}
