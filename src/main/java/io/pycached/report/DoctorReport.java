package io.pycached.report;

import io.pycached.doctor.Diagnosis;
import io.pycached.doctor.Examination;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What {@code pycached doctor} found.
 *
 * @param prefix that it was about
 */
public record DoctorReport(Path prefix, Examination examination) {

  /** Writes the document of {@code doctor -o json}. */
  public void writeJson(PrintWriter out) {
    JsonDocument.write(
        out,
        json -> {
          JsonDocument.path(json, "prefix", prefix);
          json.name("amiss").value(examination.isAmiss());
          json.name("checks").beginArray();
          for (Diagnosis diagnosis : examination.diagnoses()) {
            json.beginObject().name("check").value(diagnosis.check());
            json.name("state").value(diagnosis.severity().label());
            json.name("found").value(diagnosis.found());
            json.name("mend").value(diagnosis.mend().orElse(null)).endObject();
          }
          json.endArray();
        });
  }

  /** Writes what {@code doctor} shows people. What is amiss stands in capitals. */
  public void writeText(PrintWriter out) {
    for (Diagnosis diagnosis : examination.diagnoses()) {
      String state = diagnosis.severity().label();
      out.printf(
          "%-8s %-13s %s%n",
          diagnosis.severity().isAmiss() ? state.toUpperCase(Locale.ROOT) : state,
          diagnosis.check(),
          Text.printable(diagnosis.found()));
      diagnosis.mend().ifPresent(mend -> out.printf("%22s mend: %s%n", "", Text.printable(mend)));
    }
    out.flush();
  }
}
