package io.pycached.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pycached.apply.Outcome;
import io.pycached.layout.PycachePrefix;
import io.pycached.reconcile.Territory;
import io.pycached.survey.Voucher;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** That what a prune has done is told in full, or that it is said how much is not. */
final class WorkReportTest {
  private static final Path PREFIX = Path.of("/p");
  private static final Territory ANYWHERE =
      Territory.of(new PycachePrefix(PREFIX), Map.of(), Voucher.NOBODY).get(0);

  private final WorkReport report = new WorkReport(false);

  @Test
  void happened_beyondTheBound_countsAllAndListsTheFirstByPath() {
    int all = Foremost.MOST + 3;
    // The last come first: which ones are listed must not depend on it.
    IntStream.range(0, all).map(i -> all - 1 - i).parallel().forEach(this::deleted);
    JsonObject json = json();
    assertThat(json.getAsJsonObject("deleted").get("files").getAsInt()).isEqualTo(all);
    assertThat(json.getAsJsonObject("deleted").get("bytes").getAsLong()).isEqualTo(7L * all);
    assertThat(json.getAsJsonArray("actions")).hasSize(Foremost.MOST);
    assertThat(json.getAsJsonArray("actions").get(Foremost.MOST - 1).toString())
        .contains(path(Foremost.MOST - 1).toString());
    assertThat(json.getAsJsonObject("omitted"))
        .hasToString("{\"actions\":3,\"skipped\":0,\"failed\":0}");
    assertThat(text().lines())
        .hasSize(Foremost.MOST + 2)
        .contains(
            "… and 3 more actions",
            "deleted 100 003 files, 683.6 KiB, and 0 empty directories in 2.00 s");
  }

  @Test
  void happened_failure_isListedWhateverElseThereIs() {
    report.happened(
        ANYWHERE, new Outcome.Failed(PREFIX.resolve("z"), new IOException("a full disk")));
    IntStream.range(0, Foremost.MOST + 1).forEach(this::deleted);
    assertThat(report.isPartial()).isTrue();
    assertThat(text()).contains("failed  /p/z  a full disk\n");
    assertThat(json().getAsJsonArray("failed"))
        .hasToString("[{\"path\":\"/p/z\",\"error\":\"a full disk\"}]");
  }

  private void deleted(int i) {
    report.happened(ANYWHERE, new Outcome.Deleted(path(i), "source-missing", 7, "no source"));
  }

  private static Path path(int i) {
    return PREFIX.resolve("%07d.cpython-312.pyc".formatted(i));
  }

  private JsonObject json() {
    StringWriter text = new StringWriter();
    report.writeJson(new PrintWriter(text), Duration.ofSeconds(2));
    return JsonParser.parseString(text.toString()).getAsJsonObject();
  }

  private String text() {
    StringWriter text = new StringWriter();
    report.writeText(new PrintWriter(text), Duration.ofSeconds(2));
    return text.toString();
  }
}
