package io.pycached.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pycached.testing.Interpreter;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the journal tells, of the daemon and of the commands that write. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class EventsIT {
  @TempDir Path directory;
  private Site site;

  @BeforeEach
  void layOut() throws Exception {
    site = Site.in(directory);
    site.configure(site.project("shop", site.root()), site.interpreter());
    site.source("foo.py", "foo = 1\n");
    site.source("bar.py", "bar = 1\n");
    // A project without any source is taken for one whose disk is not mounted.
    site.source("stays.py", "stays = 1\n");
    site.compile();
  }

  private List<JsonObject> events() throws Exception {
    Pycached.Result result = site.command("events", "-o", "json").run();
    assertThat(result.status()).as("%s", result).isZero();
    assertThat(result.err()).isEmpty();
    return result
        .out()
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }

  private Path journal() {
    return site.prefix().resolve(".pycached/events.jsonl");
  }

  private static List<String> all(List<JsonObject> events, String member) {
    return events.stream().map(event -> event.get(member).getAsString()).toList();
  }

  @Test
  void daemon_sourceDeletedAndEdited_isTold() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      Files.delete(site.root().resolve("foo.py"));
      await().untilAsserted(() -> assertThat(events()).hasSize(1));
      JsonObject deleted = events().get(0);
      assertThat(deleted.get("schema").getAsInt()).isEqualTo(1);
      assertThat(deleted.get("action").getAsString()).isEqualTo("delete");
      assertThat(deleted.get("path").getAsString()).isEqualTo(site.bytecode("foo.py").toString());
      assertThat(deleted.get("source").getAsString())
          .isEqualTo(site.root().resolve("foo.py").toString());
      assertThat(deleted.get("reason").getAsString()).isEqualTo("source-missing");
      assertThat(deleted.get("evidence").getAsString()).startsWith("none of foo.py");
      assertThat(deleted.get("bytes").getAsLong()).isPositive();
      assertThat(Instant.parse(deleted.get("at").getAsString())).isBefore(Instant.now());

      site.source("bar.py", "bar = 'another size'\n");
      Files.setLastModifiedTime(
          site.root().resolve("bar.py"), FileTime.from(Instant.parse("2026-02-03T04:05:06Z")));
      await().untilAsserted(() -> assertThat(all(events(), "action")).contains("compile"));
      JsonObject made = events().get(1);
      assertThat(made.get("path").getAsString()).isEqualTo(site.bytecode("bar.py").toString());
      assertThat(made.get("evidence").getAsString()).isNotEmpty();
      assertThat(daemon.body("/metrics")).containsPattern("pycached_journal_events_total [2-9]");
      assertThat(daemon.problems()).isEmpty();
    }
    assertThat(site.check().getAsJsonObject("totals").getAsJsonObject("foreign").get("files"))
        .hasToString("0");
  }

  @Test
  void daemon_stateDirectoryRefused_runsOnWithAProblem() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.createSymbolicLink(site.prefix().resolve(".pycached"), elsewhere);
    try (PycachedDaemon daemon = site.daemon()) {
      Files.delete(site.root().resolve("foo.py"));
      await()
          .untilAsserted(
              () -> assertThat(daemon.problems()).containsExactly("state-directory-refused"));
      assertThat(site.bytecode("foo.py")).doesNotExist();
      assertThat(elsewhere).isEmptyDirectory();
      Files.delete(site.prefix().resolve(".pycached"));
      await().untilAsserted(() -> assertThat(daemon.problems()).isEmpty());
    }
    assertThat(all(events(), "action")).containsExactly("delete");
  }

  @Test
  void commands_thatWrite_areToldOfAndDryRunsAreNot() throws Exception {
    assertThat(events()).isEmpty();
    Files.delete(site.root().resolve("foo.py"));
    Files.delete(site.bytecode("bar.py"));
    assertThat(site.command("sync", "--dry-run").run().status()).isZero();
    assertThat(site.command("prune", "--dry-run").run().status()).isZero();
    assertThat(site.prefix().resolve(".pycached")).doesNotExist();
    assertThat(site.command("prune").run().err()).isEmpty();
    assertThat(all(events(), "action")).containsExactly("delete");
    String tree = site.root().toString();
    assertThat(site.command("sync", tree).run().status()).isZero();
    List<JsonObject> events = events();
    assertThat(all(events, "action")).containsExactly("delete", "compile");
    assertThat(all(events, "reason")).containsExactly("source-missing", "missing");
    assertThat(events.get(1).get("evidence").getAsString()).isEmpty();
    assertThat(site.command("prune").run().status()).isZero();
    assertThat(events()).isEqualTo(events);
  }

  /** What goes from the tree is not the prefix's: the command's own report tells of it. */
  @Test
  void cleanAdopt_whatItPutsIntoThePrefix_isTold() throws Exception {
    Path source = site.source("sub/new.py", "new = 1\n");
    Path tree = site.root();
    Pycached.Result compiled =
        Pycached.run(
            List.of(
                Interpreter.require("3.12").toString(), "-m", "compileall", "-q", tree.toString()),
            Pycached.bareEnvironment(),
            new byte[0]);
    assertThat(compiled.status()).as("%s", compiled).isZero();
    assertThat(site.command("clean", "--adopt", "--dry-run", tree.toString()).run().status())
        .isZero();
    assertThat(site.prefix().resolve(".pycached")).doesNotExist();
    Pycached.Result cleaned = site.command("clean", "--adopt", "-o", "json", tree.toString()).run();
    assertThat(cleaned.json().getAsJsonObject("deleted").get("files").getAsInt()).isEqualTo(4);
    assertThat(cleaned.err()).isEmpty();
    assertThat(events())
        .singleElement()
        .satisfies(
            event -> {
              Path made = site.bytecode("sub/new.py");
              assertThat(event.get("action").getAsString()).isEqualTo("adopt");
              assertThat(event.get("path").getAsString()).isEqualTo(made.toString());
              assertThat(event.get("source").getAsString()).isEqualTo(source.toString());
              assertThat(event.get("reason").getAsString()).isEqualTo("cleaned");
              assertThat(event.get("bytes").getAsLong()).isEqualTo(Files.size(made));
            });
  }

  @Test
  void text_lines_areAlignedAndTheLastOnesCanBeAskedFor() throws Exception {
    Files.delete(site.root().resolve("foo.py"));
    site.source("sub/new.py", "new = 1\n");
    assertThat(site.command("sync", site.root().toString()).run().status()).isZero();
    Pycached.Result all = site.command("events").run();
    assertThat(all.out().lines()).hasSize(2);
    assertThat(all.out())
        .containsPattern(
            "(?m)^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  delete   source-missing  "
                + site.bytecode("foo.py")
                + "  none of foo.py");
    String last = all.out().lines().reduce((first, second) -> second).orElseThrow();
    assertThat(site.command("events", "-n", "1").run().out()).isEqualTo(last + "\n");
    assertThat(site.command("events", "-n", "0").run().out()).isEmpty();
    assertThat(site.command("events", "--project", "nobody's").run().out()).isEmpty();
  }

  @Test
  void garbage_inTheJournal_isToldOnStandardError() throws Exception {
    Files.delete(site.root().resolve("foo.py"));
    assertThat(site.command("prune").run().status()).isZero();
    Files.writeString(journal(), Files.readString(journal()) + "{\"schema\":1,\"at");
    Files.delete(site.root().resolve("bar.py"));
    assertThat(site.command("prune").run().status()).isZero();
    Pycached.Result result = site.command("events", "-o", "json").run();
    assertThat(result.status()).isZero();
    assertThat(result.out().lines()).hasSize(2);
    assertThat(result.err()).isEqualTo(journal() + ": line of 15 bytes that is no entry\n");
  }

  @Test
  void follow_tellsWhatComesAndEndsWithSigint() throws Exception {
    Process follow =
        // Java does not listen to a SIGINT that is ignored, as whoever runs this in the background
        // may.
        new ProcessBuilder(
                "env",
                "--default-signal=INT",
                Pycached.distribution().resolve("bin/pycached").toString(),
                "events",
                "--config",
                site.config().toString(),
                "--follow",
                "-o",
                "json")
            .redirectErrorStream(true)
            .start();
    try (PycachedDaemon daemon = site.daemon();
        BufferedReader out = follow.inputReader(UTF_8)) {
      Files.delete(site.root().resolve("foo.py"));
      assertThat(out.readLine()).contains("\"delete\"", "foo.cpython-");
      Files.move(journal(), journal().resolveSibling("events.jsonl.1"));
      Files.delete(site.root().resolve("bar.py"));
      assertThat(out.readLine()).contains("\"delete\"", "bar.cpython-");
      assertThat(daemon.problems()).isEmpty();
      assertThat(new ProcessBuilder("kill", "-INT", Long.toString(follow.pid())).start().waitFor())
          .isZero();
      assertThat(out.readLine()).isNull();
      assertThat(follow.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(follow.exitValue()).isZero();
    } finally {
      follow.destroyForcibly();
    }
  }

  @Test
  void follow_whoseReaderIsGone_ends() throws Exception {
    Process follow =
        new ProcessBuilder(
                Pycached.distribution().resolve("bin/pycached").toString(),
                "events",
                "--config",
                site.config().toString(),
                "-f")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      follow.getInputStream().close();
      Files.delete(site.root().resolve("foo.py"));
      assertThat(site.command("prune").run().status()).isZero();
      assertThat(follow.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(follow.exitValue()).isZero();
    } finally {
      follow.destroyForcibly();
    }
  }
}
