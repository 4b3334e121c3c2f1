package io.pycached.it;

import static io.pycached.it.JsonShape.assertShape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that read, and {@code prune}, over a prefix with one file of each state. */
final class CommandsIT {
  private static final String FINDING =
      "{path: text, source: 'text?', state: text, reason: text, cache_tag: 'text?',"
          + " optimization: 'text?', magic: 'whole?', invalidation: 'text?', bytes: whole,"
          + " detail: text}";

  @TempDir Path directory;
  private Site site;

  /** fresh.py edited.py gone.py broken.py crash.py, and in pkg two fresh ones. */
  @BeforeEach
  void fill() throws Exception {
    site = Site.in(directory);
    for (String name :
        List.of("fresh", "edited", "gone", "broken", "crash", "pkg/__init__", "pkg/core")) {
      site.source(name + ".py", "def answer():\n    return '" + name + "'\n");
    }
    site.compile();
    site.source("edited.py", "answer = 'of another length, and of another time, too'\n");
    Files.delete(site.root().resolve("gone.py"));
    Files.writeString(site.bytecode("broken.py"), "no bytecode");
    damageBody(site.bytecode("crash.py"));
    Files.writeString(temporary(), "x");
    Files.writeString(site.mirror(site.root()).resolve("notes.txt"), "mine");
  }

  private Path temporary() {
    return site.mirror(site.root()).resolve("x.cpython-312.pyc.140234");
  }

  /** The header stays: only who reads the body finds out. */
  private static void damageBody(Path bytecode) throws Exception {
    byte[] bytes = Files.readAllBytes(bytecode);
    Files.write(bytecode, Arrays.copyOf(bytes, bytes.length - 20));
  }

  @Test
  void check_text_namesEachFindingInOrder() throws Exception {
    Pycached.Result result = site.command("check").run();
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().limit(4))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("corrupt (bad-magic) ").contains("broken."),
            line -> assertThat(line).startsWith("stale (").contains("edited."),
            line -> assertThat(line).startsWith("orphaned (source-missing) ").contains("gone."),
            line -> assertThat(line).startsWith("temporary ").contains("x.cpython-312.pyc.140234"));
    assertThat(result.out()).contains("project shop  " + site.root() + "  6 sources");
  }

  @Test
  void check_json_hasTheMembersAndSumsThatProgramsRelyOn() throws Exception {
    JsonObject report = site.check();
    assertShape(
        report,
        "{schema: whole, prefix: text, elapsed_seconds: number, totals: $TOTALS,"
            + " projects: [{name: text, path: text, sources: whole, totals: $TOTALS}],"
            + " unclaimed: {totals: $TOTALS}, findings: ["
            + FINDING
            + "]}");
    assertThat(report.get("schema").getAsInt()).isEqualTo(1);
    assertThat(report.get("prefix").getAsString()).isEqualTo(site.prefix().toString());
    assertThat(PycachedDaemon.files(report, "fresh")).isEqualTo(4);
    assertThat(PycachedDaemon.files(report, "stale")).isEqualTo(1);
    assertThat(PycachedDaemon.files(report, "orphaned")).isEqualTo(1);
    assertThat(PycachedDaemon.files(report, "corrupt")).isEqualTo(1);
    assertThat(PycachedDaemon.files(report, "temporary")).isEqualTo(1);
    assertThat(PycachedDaemon.files(report, "foreign")).isEqualTo(1);
    assertThat(texts(report.getAsJsonArray("findings"), "path")).isSorted().hasSize(4);
    assertThat(texts(report.getAsJsonArray("findings"), "state"))
        .containsExactly("corrupt", "stale", "orphaned", "temporary");
  }

  @Test
  void check_all_listsFreshAndForeignOnes() throws Exception {
    JsonObject report = site.command("check", "--all", "-o", "json").run().json();
    assertThat(texts(report.getAsJsonArray("findings"), "path")).isSorted().hasSize(9);
    assertThat(texts(report.getAsJsonArray("findings"), "state"))
        .contains("fresh", "foreign", "stale");
  }

  @Test
  void check_body_findsWhatCrashesImports() throws Exception {
    JsonObject report = site.command("check", "--body", "-o", "json").run().json();
    assertThat(PycachedDaemon.files(report, "corrupt")).isEqualTo(2);
    assertThat(texts(report.getAsJsonArray("findings"), "reason"))
        .satisfiesExactly(
            broken -> assertThat(broken).isEqualTo("bad-magic"),
            crash -> assertThat(crash).isEqualTo("truncated-body"),
            // Whichever the clock's second makes it: the interpreter looks at the mtime first.
            edited -> assertThat(edited).isIn("mtime", "size"),
            gone -> assertThat(gone).isEqualTo("source-missing"),
            temporary -> assertThat(temporary).isEmpty());
  }

  @Test
  void check_nothingAmiss_is0() throws Exception {
    Pycached.Result result = site.command("check", site.root().resolve("pkg").toString()).run();
    // Everything outside the named tree is unclaimed, where what is wrong is still told.
    assertThat(result.status()).isEqualTo(1);
    Site.deleteTree(site.prefix());
    site.compile();
    assertThat(site.command("check").run().status()).isZero();
  }

  @Test
  void prune_dryRun_tellsAndKeeps() throws Exception {
    List<Path> before = Site.below(site.prefix());
    Pycached.Result result = site.command("prune", "--dry-run").run();
    assertThat(result.status()).isZero();
    assertThat(result.out())
        .contains("would delete  " + site.bytecode("gone.py") + "  (source-missing)");
    assertThat(Site.below(site.prefix())).isEqualTo(before);
  }

  @Test
  void prune_json_deletesWhatThePlanSays() throws Exception {
    // The temporary file has to be a second old.
    JsonObject planned =
        await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> site.command("prune", "--dry-run", "-o", "json").run().json(),
                report -> report.getAsJsonArray("actions").size() == 2);
    JsonObject done = site.command("prune", "-o", "json").run().json();
    for (JsonObject report : List.of(planned, done)) {
      assertShape(
          report,
          "{schema: whole, dry_run: flag, elapsed_seconds: number, compiled: $COUNT,"
              + " adopted: $COUNT, restamped: $COUNT,"
              + " deleted: {files: whole, bytes: whole, directories: whole},"
              + " actions: [{action: text, path: text, reason: text, bytes: whole}],"
              + " skipped: [{path: text, reason: text}], failed: [{path: text, error: text}], warnings: [text]}");
    }
    assertThat(planned.get("dry_run").getAsBoolean()).isTrue();
    assertThat(done.get("dry_run").getAsBoolean()).isFalse();
    assertThat(done.getAsJsonArray("actions")).isEqualTo(planned.getAsJsonArray("actions"));
    assertThat(texts(done.getAsJsonArray("actions"), "path"))
        .containsExactly(site.bytecode("gone.py").toString(), temporary().toString());
    assertThat(site.bytecode("gone.py")).doesNotExist();
    assertThat(temporary()).doesNotExist();
    // The interpreter replaces these itself.
    assertThat(site.bytecode("broken.py")).exists();
    assertThat(site.bytecode("edited.py")).exists();
    assertThat(site.bytecode("pkg/core.py")).exists();
    assertThat(site.mirror(site.root()).resolve("notes.txt")).hasContent("mine");
  }

  @Test
  void inspect_intact_saysWhatTheCompilerWrote() throws Exception {
    Path file = site.bytecode("fresh.py");
    JsonObject report = Pycached.with("inspect", "-o", "json", file.toString()).run().json();
    assertShape(
        report,
        "{path: text, magic: whole, magic_bytes: text, implementation: text, python: text,"
            + " flags: whole, invalidation: text, mtime: 'whole?', source_size: 'whole?',"
            + " source_hash: 'text?', body: {state: text, bytes: whole, filename: text,"
            + " name: text, first_line: whole, names: [text], functions: [text]}}");
    assertThat(report.get("magic").getAsInt()).isEqualTo(3531);
    assertThat(report.get("magic_bytes").getAsString()).isEqualTo("cb0d0d0a");
    assertThat(report.get("source_size").getAsLong())
        .isEqualTo(Files.size(site.root().resolve("fresh.py")));
    JsonObject body = report.getAsJsonObject("body");
    assertThat(body.get("state").getAsString()).isEqualTo("ok");
    assertThat(body.get("filename").getAsString())
        .isEqualTo(site.root().resolve("fresh.py").toString());
    assertThat(body.getAsJsonArray("functions").get(0).getAsString()).isEqualTo("answer");
  }

  @Test
  void inspect_severalFiles_tellsOfAllAndOfTheWorstByStatus() throws Exception {
    Pycached.Result result =
        Pycached.with(
                "inspect",
                site.bytecode("fresh.py").toString(),
                site.bytecode("broken.py").toString(),
                site.bytecode("crash.py").toString(),
                site.top().resolve("none.pyc").toString())
            .run();
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).contains("cpython 3.12", "bad-magic", "truncated-body");
    assertThat(result.err()).contains("none.pyc: no such file");
  }

  @Test
  void inspect_json_writesADocumentForEachFileInOrder() throws Exception {
    Pycached.Result result =
        Pycached.with(
                "inspect",
                "-o",
                "json",
                site.bytecode("fresh.py").toString(),
                site.top().resolve("none.pyc").toString(),
                site.bytecode("broken.py").toString())
            .run();
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out().lines().map(JsonParser::parseString).map(JsonElement::getAsJsonObject))
        .satisfiesExactly(
            fresh -> assertThat(fresh.get("magic").getAsInt()).isEqualTo(3531),
            broken ->
                assertThat(broken.getAsJsonObject("header").get("state").getAsString())
                    .isEqualTo("bad-magic"))
        .allSatisfy(document -> assertThat(document.get("schema").getAsInt()).isEqualTo(1));
  }

  @Test
  void locate_bothWays_isWhereTheInterpreterLooks() throws Exception {
    String source = site.root().resolve("fresh.py").toString();
    String bytecode = site.bytecode("fresh.py").toString();
    assertThat(site.command("locate", source).run().out()).isEqualTo(bytecode + "\n");
    assertThat(site.command("locate", bytecode).run().out()).isEqualTo(source + "\n");
    Pycached.Result optimized =
        site.command("locate", source, "--tag", "cpython-313", "--optimization", "2").run();
    assertThat(optimized.out())
        .isEqualTo(bytecode.replace("cpython-312", "cpython-313.opt-2") + "\n");
    Pycached.Result none = site.command("locate", source.replace("fresh", "none")).run();
    assertThat(none.out()).isEmpty();
    assertThat(none.status()).isEqualTo(1);
  }

  @Test
  void locate_json_hasAnAnswerForEachPath() throws Exception {
    String source = site.root().resolve("pkg/core.py").toString();
    JsonObject report = site.command("locate", "-o", "json", source).run().json();
    assertShape(
        report, "{schema: whole, prefix: text, located: [{path: text, answers: [{path: text}]}]}");
    assertThat(report.getAsJsonArray("located").toString())
        .contains(site.bytecode("pkg/core.py").toString());
  }

  @Test
  void why_orphan_givesVerdictEvidenceAndPlan() throws Exception {
    String file = site.bytecode("gone.py").toString();
    JsonObject report = site.command("why", "-o", "json", file).run().json();
    assertShape(
        report,
        "{schema: whole, path: text, files: ["
            + FINDING.replace("}", ", project: text, plan: {action: text, reason: text}}")
            + "]}");
    JsonObject orphan = report.getAsJsonArray("files").get(0).getAsJsonObject();
    assertThat(orphan.get("state").getAsString()).isEqualTo("orphaned");
    assertThat(orphan.getAsJsonObject("plan").get("action").getAsString()).isEqualTo("delete");
    Pycached.Result text = site.command("why", site.root().resolve("fresh.py").toString()).run();
    assertThat(text.status()).isZero();
    assertThat(text.out()).contains("verdict   fresh", "plan      keep", "project   shop");
    Pycached.Result missing = site.command("why", file.replace("gone", "never")).run();
    assertThat(missing.status()).isEqualTo(1);
    assertThat(missing.err()).contains("no such file");
  }

  @Test
  void why_namedTree_countsAsAProject() throws Exception {
    String file = site.bytecode("gone.py").toString();
    String[] bare = {"why", "--prefix", site.prefix().toString(), file};
    assertThat(Pycached.with(bare).run().out()).contains("project   unclaimed");
    Pycached.Result named =
        Pycached.with("why", "--prefix", site.prefix().toString(), file, site.root().toString())
            .run();
    assertThat(named.out()).contains("verdict   orphaned", "project   src", "plan      delete");
    Pycached.Result wrong =
        Pycached.with("why", "--prefix", site.prefix().toString(), file, file).run();
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).contains("DIR " + file + ": expected a directory");
  }

  @Test
  void status_ofADaemon_hasTheMembersThatProgramsRelyOn() throws Exception {
    Pycached.Result none = Pycached.with("status", "--socket", site.socket().toString()).run();
    assertThat(none.status()).isEqualTo(3);
    assertThat(none.out()).isEmpty();
    assertThat(none.err()).contains("no daemon answers");
    try (PycachedDaemon daemon = site.daemon()) {
      Pycached.Result result =
          Pycached.with("status", "--socket", site.socket().toString(), "-o", "json").run();
      assertThat(result.status()).isZero();
      assertShape(
          result.json(),
          "{schema: whole, version: text, pid: whole, state: text, started_at: instant,"
              + " prefix: text, totals: $TOTALS, unclaimed: {totals: $TOTALS},"
              + " projects: [{name: text, path: text, visible: flag,"
              + " watch: {mode: text, directories: whole}, sources: whole, totals: $TOTALS,"
              + " last_reconciled_at: 'instant?'}],"
              + " interpreters: [{cache_tag: text, magic: whole, version: text, executable: text}],"
              + " watch: {directories: whole, limit: 'whole?', overflows: whole},"
              + " queue: {dirty: whole, compiling: whole},"
              + " last_survey: {at: instant, seconds: number},"
              + " problems: [{code: text, message: text, since: instant}]}");
      assertThat(result.json().get("pid").getAsLong()).isEqualTo(daemon.pid());
      assertThat(result.json().get("state").getAsString()).isEqualTo("ready");
      Pycached.Result text =
          Pycached.with("status").environment("PYCACHED_SOCKET", site.socket().toString()).run();
      assertThat(text.status()).isZero();
      assertThat(text.out()).contains("pid " + daemon.pid(), "shop", "total");
    }
  }

  private static List<String> texts(JsonArray items, String member) {
    return items.asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(item -> item.get(member).getAsString())
        .toList();
  }
}
