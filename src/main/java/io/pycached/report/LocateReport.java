package io.pycached.report;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.gson.stream.JsonWriter;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** What {@code pycached locate} answers. */
public final class LocateReport {
  private LocateReport() {}

  /**
   * Where one path leads.
   *
   * @param path raw, as it was asked for
   * @param answers raw
   */
  public record Located(String path, List<String> answers) {}

  /** Writes the document of {@code locate -o json}. */
  public static void writeJson(PrintWriter out, Path prefix, List<Located> located) {
    JsonDocument.write(
        out,
        json -> {
          JsonDocument.path(json, "prefix", prefix);
          json.name("located").beginArray();
          for (Located one : located) {
            json.beginObject();
            raw(json, "path", one.path());
            json.name("answers").beginArray();
            for (String answer : one.answers()) {
              json.beginObject();
              raw(json, "path", answer);
              json.endObject();
            }
            json.endArray().endObject();
          }
          json.endArray();
        });
  }

  private static void raw(JsonWriter json, String name, String raw) throws IOException {
    json.name(name).value(RawPath.display(raw));
    if (!RawPath.isUtf8(raw)) {
      json.name(name + "_base64")
          .value(Base64.getEncoder().encodeToString(raw.getBytes(ISO_8859_1)));
    }
  }

  /**
   * Writes each answer's bytes as they are, and {@code end} after each; an empty one for a path
   * that leads nowhere.
   */
  public static void writeText(OutputStream out, List<Located> located, char end)
      throws IOException {
    for (Located one : located) {
      for (String answer : one.answers().isEmpty() && end == '\0' ? List.of("") : one.answers()) {
        out.write(answer.getBytes(ISO_8859_1));
        out.write(end);
      }
    }
    out.flush();
  }
}
