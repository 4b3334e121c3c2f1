package io.pycached.report;

import io.pycached.policy.Build;
import io.pycached.policy.Deletion;
import io.pycached.pyc.Invalidation;
import io.pycached.reconcile.Inquiry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What {@code pycached why} answers. */
public final class WhyReport {
  private WhyReport() {}

  /** Writes the document of {@code why -o json}. */
  public static void writeJson(PrintWriter out, Path path, List<Inquiry.Answer> answers) {
    JsonDocument.write(
        out,
        json -> {
          JsonDocument.path(json, "path", path);
          json.name("files").beginArray();
          for (Inquiry.Answer answer : answers) {
            json.beginObject();
            finding(answer).members(json);
            json.name("project").value(answer.territory().name());
            json.name("plan").beginObject();
            json.name("action").value(action(answer));
            json.name("reason").value(reason(answer));
            Optional<Instant> due = answer.plan().due();
            if (due.isPresent()) {
              json.name("delete_after").value(due.get().toString());
            }
            json.endObject();
            json.endObject();
          }
          json.endArray();
        });
  }

  /** Writes what {@code why} shows people. */
  public static void writeText(PrintWriter out, Path path, List<Inquiry.Answer> answers) {
    if (answers.isEmpty()) {
      out.println(Text.path(path) + " has no bytecode in the prefix");
    }
    for (Inquiry.Answer answer : answers) {
      Finding finding = finding(answer);
      String reason = answer.file().verdict().reason();
      out.println(Text.path(finding.path()));
      out.println(
          "  verdict   "
              + answer.file().verdict().state().label()
              + (reason.isEmpty() ? "" : ", " + reason));
      if (!answer.file().detail().isEmpty()) {
        out.println("  because   " + Text.printable(answer.file().detail()));
      }
      answer
          .file()
          .source()
          .ifPresent(
              source ->
                  out.println(
                      "  source    %s, %s bytes, of %s"
                          .formatted(
                              Text.path(source.path()),
                              source.stamp().size(),
                              source.stamp().mtime())));
      answer
          .file()
          .header()
          .ifPresent(
              header ->
                  out.println(
                      "  header    magic %d (%s %s), %s"
                          .formatted(
                              header.magic().number(),
                              header.magic().implementation().label(),
                              header.magic().python(),
                              describe(header.invalidation()))));
      out.println("  project   " + answer.territory().name());
      out.println("  plan      " + plan(answer));
    }
    out.flush();
  }

  private static String describe(Invalidation invalidation) {
    if (invalidation instanceof Invalidation.Timestamp timestamp) {
      return "timestamp: source of %s with %s bytes"
          .formatted(
              Instant.ofEpochSecond(Integer.toUnsignedLong(timestamp.mtime())),
              Integer.toUnsignedString(timestamp.sourceSize()));
    }
    Invalidation.Hash hash = (Invalidation.Hash) invalidation;
    return "%s: source hash %016x".formatted(hash.label(), Long.reverseBytes(hash.hash()));
  }

  private static String action(Inquiry.Answer answer) {
    if (answer.build().isPresent()) {
      return answer.build().get() instanceof Build.Adoption ? "adopt" : "compile";
    }
    return answer.deletion().isPresent() ? "delete" : "keep";
  }

  private static String reason(Inquiry.Answer answer) {
    return answer
        .build()
        .map(Build::reason)
        .or(() -> answer.deletion().map(Deletion::reason))
        .orElse("");
  }

  private static String plan(Inquiry.Answer answer) {
    String plan = action(answer) + (reason(answer).isEmpty() ? "" : " (" + reason(answer) + ")");
    Optional<Instant> due = answer.plan().due();
    if (due.isEmpty()) {
      return plan;
    }
    return answer.build().isPresent()
        ? plan + ", or delete after " + due.get()
        : "delete after " + due.get();
  }

  private static Finding finding(Inquiry.Answer answer) {
    return new Finding(
        answer.pair().mirror().resolve(answer.file().name()), answer.pair(), answer.file());
  }
}
