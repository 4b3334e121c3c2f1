package io.pycached.report;

import com.google.gson.stream.JsonWriter;
import io.pycached.pyc.Body;
import io.pycached.pyc.CodeSummary;
import io.pycached.pyc.Defect;
import io.pycached.pyc.Invalidation;
import io.pycached.pyc.PycHeader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What {@code pycached inspect} says of bytecode files. */
public final class InspectReport {
  private InspectReport() {}

  /** One file. */
  public sealed interface Inspected {
    Path path();

    /** A file with a header. */
    record Pyc(Path path, PycHeader header, long bodyBytes, Body body) implements Inspected {}

    /** A file without one. */
    record Headless(Path path, Defect defect, String detail) implements Inspected {}

    /** {@return whether an interpreter could load it} */
    default boolean isIntact() {
      return this instanceof Pyc pyc && !(pyc.body() instanceof Body.Damaged);
    }
  }

  /**
   * Writes the documents of {@code inspect -o json}: one object a file, each on a line of its own,
   * so that a program can read them one by one.
   */
  public static void writeJson(PrintWriter out, List<Inspected> files) {
    for (Inspected file : files) {
      JsonDocument.write(out, json -> members(json, file));
    }
  }

  private static void members(JsonWriter json, Inspected file) throws IOException {
    JsonDocument.path(json, "path", file.path());
    if (file instanceof Inspected.Headless headless) {
      json.name("header").beginObject();
      json.name("state").value(label(headless.defect())).name("detail").value(headless.detail());
      json.endObject();
      return;
    }
    Inspected.Pyc pyc = (Inspected.Pyc) file;
    PycHeader header = pyc.header();
    json.name("magic").value(header.magic().number());
    json.name("magic_bytes").value(header.magic().hex());
    json.name("implementation").value(header.magic().implementation().label());
    json.name("python").value(header.magic().python());
    json.name("flags").value(header.flags());
    json.name("invalidation").value(header.invalidation().label());
    if (header.invalidation() instanceof Invalidation.Timestamp timestamp) {
      json.name("mtime").value(Integer.toUnsignedLong(timestamp.mtime()));
      json.name("source_size").value(Integer.toUnsignedLong(timestamp.sourceSize()));
      json.name("source_hash").nullValue();
    } else if (header.invalidation() instanceof Invalidation.Hash hash) {
      json.name("mtime").nullValue().name("source_size").nullValue();
      json.name("source_hash").value(hex(hash));
    }
    json.name("body").beginObject();
    body(json, pyc);
    json.endObject();
  }

  private static void body(JsonWriter json, Inspected.Pyc pyc) throws IOException {
    if (pyc.body() instanceof Body.Damaged damaged) {
      json.name("state").value(label(damaged.defect())).name("bytes").value(pyc.bodyBytes());
      json.name("detail").value(damaged.detail()).name("offset").value(damaged.offset());
    } else if (pyc.body() instanceof Body.Unchecked unchecked) {
      json.name("state").value("unchecked").name("bytes").value(pyc.bodyBytes());
      json.name("detail").value(unchecked.why());
    } else if (pyc.body() instanceof Body.Intact intact) {
      CodeSummary code = intact.code();
      json.name("state").value("ok").name("bytes").value(pyc.bodyBytes());
      json.name("filename").value(code.filename().toString()).name("name").value(code.name());
      json.name("first_line").value(code.firstLine());
      names(json, "names", code.names());
      names(json, "functions", code.functions());
      json.name("trailing_bytes").value(intact.trailingBytes());
    }
  }

  private static void names(JsonWriter json, String name, List<String> values) throws IOException {
    json.name(name).beginArray();
    for (String value : values) {
      json.value(value);
    }
    json.endArray();
  }

  /** Writes what {@code inspect} shows people. */
  public static void writeText(PrintWriter out, List<Inspected> files) {
    for (Inspected file : files) {
      out.println(Text.path(file.path()));
      if (file instanceof Inspected.Headless headless) {
        out.println("  header    " + label(headless.defect()) + ": " + headless.detail());
      } else {
        text(out, (Inspected.Pyc) file);
      }
    }
    out.flush();
  }

  private static void text(PrintWriter out, Inspected.Pyc pyc) {
    PycHeader header = pyc.header();
    out.printf(
        "  magic     %d (%s), %s %s%s%n",
        header.magic().number(),
        header.magic().hex(),
        header.magic().implementation().label(),
        header.magic().python(),
        header.magic().release() ? "" : ", a pre-release");
    out.printf("  flags     %d, %s%n", header.flags(), header.invalidation().label());
    if (header.invalidation() instanceof Invalidation.Timestamp timestamp) {
      out.printf(
          "  source    %s bytes, of %s%n",
          Integer.toUnsignedString(timestamp.sourceSize()),
          Instant.ofEpochSecond(Integer.toUnsignedLong(timestamp.mtime())));
    } else if (header.invalidation() instanceof Invalidation.Hash hash) {
      out.printf("  source    hash %s%n", hex(hash));
    }
    if (pyc.body() instanceof Body.Damaged damaged) {
      out.printf(
          "  body      %s: %s at offset %d of %d bytes%n",
          label(damaged.defect()), damaged.detail(), damaged.offset(), pyc.bodyBytes());
    } else if (pyc.body() instanceof Body.Unchecked unchecked) {
      out.printf("  body      %d bytes, unchecked: %s%n", pyc.bodyBytes(), unchecked.why());
    } else if (pyc.body() instanceof Body.Intact intact) {
      CodeSummary code = intact.code();
      out.printf("  body      %d bytes, ok%n", pyc.bodyBytes());
      out.printf(
          "  compiled  from %s, line %d%n",
          Text.printable(code.filename().toString()), code.firstLine());
      out.printf("  names     %s%n", Text.printable(String.join(" ", code.names())));
      out.printf("  functions %s%n", Text.printable(String.join(" ", code.functions())));
    }
  }

  private static String hex(Invalidation.Hash hash) {
    return String.format(Locale.ROOT, "%016x", Long.reverseBytes(hash.hash()));
  }

  private static String label(Defect defect) {
    return defect.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
