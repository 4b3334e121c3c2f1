package io.pycached.report;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.gson.stream.JsonWriter;
import io.pycached.layout.RawPath;
import io.pycached.reconcile.Count;
import io.pycached.reconcile.Totals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;

/** The shapes that the JSON documents have in common. */
final class JsonDocument {
  private static final int SCHEMA = 1;

  private JsonDocument() {}

  /** Something that writes a part of a document. */
  interface Part {
    void write(JsonWriter json) throws IOException;
  }

  /**
   * Writes a document, an object whose members after {@code schema} are {@code members}, and a line
   * end.
   *
   * @throws UncheckedIOException if {@code to} does
   */
  static void write(Writer to, Part members) {
    JsonWriter json = new JsonWriter(to);
    json.setHtmlSafe(false);
    try {
      json.beginObject().name("schema").value(SCHEMA);
      members.write(json);
      json.endObject();
      to.write("\n");
      to.flush();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * Writes {@code path} under {@code name}; what is not UTF-8 is escaped there, and whole in {@code
   * NAME_base64}.
   */
  static void path(JsonWriter json, String name, Path path) throws IOException {
    String raw = RawPath.of(path);
    json.name(name).value(RawPath.display(raw));
    if (!RawPath.isUtf8(raw)) {
      json.name(name + "_base64")
          .value(Base64.getEncoder().encodeToString(raw.getBytes(ISO_8859_1)));
    }
  }

  static void count(JsonWriter json, String name, Count count) throws IOException {
    json.name(name).beginObject();
    json.name("files").value(count.files()).name("bytes").value(count.bytes());
    json.endObject();
  }

  static void totals(JsonWriter json, Totals totals) throws IOException {
    json.name("totals").beginObject();
    for (var entry : totals.byState().entrySet()) {
      count(json, entry.getKey().label(), entry.getValue());
    }
    json.endObject();
  }

  static void seconds(JsonWriter json, String name, Duration duration) throws IOException {
    json.name(name)
        .value(BigDecimal.valueOf(duration.toNanos(), 9).setScale(3, RoundingMode.HALF_UP));
  }
}
