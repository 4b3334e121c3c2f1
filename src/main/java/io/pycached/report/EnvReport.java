package io.pycached.report;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pycached.layout.RawPath;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;

/** What {@code pycached env} answers: how to make an interpreter use a prefix. */
public final class EnvReport {
  private static final String VARIABLE = "PYTHONPYCACHEPREFIX";

  private EnvReport() {}

  /** Writes the document of {@code env -o json}. */
  public static void writeJson(PrintWriter out, Path prefix, boolean exists) {
    JsonDocument.write(
        out,
        json -> {
          JsonDocument.path(json, "prefix", prefix);
          json.name("exists").value(exists);
          json.name("variables").beginObject();
          JsonDocument.path(json, VARIABLE, prefix);
          json.endObject();
        });
  }

  /** Writes the lines that {@code shell} evaluates: the path's bytes as they are, quoted. */
  public static void writeText(OutputStream out, Path prefix, Shell shell) throws IOException {
    out.write(shell.export(VARIABLE, RawPath.of(prefix)).getBytes(ISO_8859_1));
    out.flush();
  }
}
