package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the user got wrong: exit status 2, one clear line for each, and no stack trace. */
final class UsageIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frobnicate",
        "check --frobnicate",
        "check -o xml",
        "status -o xml",
        "inspect",
        "locate",
        "why",
        "why a.py b.py",
        "locate a.py --optimization 1",
        "locate a.py --tag a.b",
        "check --config",
        "events -n many",
        "events -n -1",
        "events a.py"
      })
  void commandLine_wrong_isExplainedAnd2(String line) throws Exception {
    Pycached.Result result = Pycached.with(line.split(" ")).run();
    assertThat(result.status()).as("%s", result).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines().count()).as("%s", result.err()).isBetween(1L, 2L);
    assertThat(result.err()).startsWith("pycached: ").doesNotContain("Exception");
  }

  @Test
  void commandLine_empty_asksForACommand() throws Exception {
    Pycached.Result result = Pycached.with().run();
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("a command is missing");
  }

  @Test
  void config_severalErrors_areNamedAllAtOnce() throws Exception {
    Path config = directory.resolve("broken.toml");
    Files.writeString(
        config,
        """
        prefxi = "/x"
        [admin]
        listen = "0.0.0.0:1"
        [limits]
        max-size = "lots"
        """);
    Pycached.Result result = Pycached.with("check", "--config", config.toString()).run();
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines())
        .satisfiesExactly(
            line ->
                assertThat(line).startsWith("pycached: " + config + ":1:1: ").contains("prefix"),
            line -> assertThat(line).startsWith("pycached: " + config + ":3:10: admin.listen"),
            line -> assertThat(line).startsWith("pycached: " + config + ":5:12: limits.max-size"));
  }

  @Test
  void config_missing_is2() throws Exception {
    Pycached.Result result =
        Pycached.with("check", "--config", directory.resolve("none.toml").toString()).run();
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("none.toml: no such file");
  }

  @Test
  void prefix_missing_isEmptyAndNotMade() throws Exception {
    Site site = Site.in(directory);
    Pycached.Result checked = site.command("check").run();
    assertThat(checked.status()).isZero();
    assertThat(checked.err()).contains("does not exist: nothing is cached yet");
    assertThat(site.command("prune").run().status()).isZero();
    assertThat(site.prefix()).doesNotExist();
  }

  @Test
  void prefix_aFile_isRefusedByAllThatNeedOne() throws Exception {
    Site site = Site.in(directory);
    Files.writeString(site.prefix(), "a file");
    for (String line : List.of("check", "prune", "run", "why x.py", "locate x.py")) {
      String[] words = line.split(" ", -1);
      Pycached.Result result =
          site.command(words[0], Arrays.copyOfRange(words, 1, words.length)).run();
      assertThat(result.status()).as(line).isEqualTo(2);
      assertThat(result.err())
          .isEqualTo(
              "pycached: the prefix " + site.prefix() + " is a file, expected a directory\n");
    }
    assertThat(site.prefix()).hasContent("a file");
  }

  @Test
  void prefix_thatCannotBeMade_isNamedWithTheReason() throws Exception {
    Pycached.Result result = Pycached.with("run", "--prefix", "/proc/nope/deep").run();
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "pycached: /proc/nope/deep: the prefix cannot be created: /proc/nope: no such file or directory\n");
  }

  @Test
  void directory_notThere_isAUsageErrorForWhoeverNamesIt() throws Exception {
    Site site = Site.in(directory);
    Path missing = site.top().resolve("none");
    Path file = Files.writeString(site.top().resolve("file"), "x = 1\n");
    for (String command : List.of("check", "prune")) {
      assertUsage(
          site.command(command, site.root().toString(), missing.toString()).run(),
          "pycached: DIR " + missing + ": expected a directory, found nothing there\n");
      assertUsage(
          site.command(command, file.toString()).run(),
          "pycached: DIR " + file + ": expected a directory, found a file\n");
      Pycached.Result below = site.command(command, file.resolve("below").toString()).run();
      assertThat(below.status()).isEqualTo(2);
      // Newer JDKs do not tell a file on the way from nothing there.
      assertThat(below.err())
          .startsWith("pycached: DIR " + file.resolve("below") + ": expected a directory, found n")
          .containsAnyOf("found nothing there", "found no way to it (not a directory)");
      assertUsage(
          site.command(command, "").run(), "pycached: expected a path, found an empty word\n");
    }
  }

  @Test
  void project_vanished_isNoUsageError() throws Exception {
    Site site = Site.in(directory);
    site.source("a.py", "a = 1\n");
    site.compile();
    Site.deleteTree(site.root());
    Pycached.Result result = site.command("check", "-o", "json").run();
    assertThat(result.status()).isEqualTo(1);
    assertThat(PycachedDaemon.files(result.json(), "unverifiable")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"check --prefix", "check --config", "prune --socket", "status --socket"})
  void path_empty_isAUsageErrorNotTheWorkingDirectory(String line) throws Exception {
    String[] words = (line + " ").split(" ", -1);
    assertUsage(
        Pycached.with(words).run(),
        "pycached: " + words[1] + ": expected a path, found an empty word\n");
  }

  @Test
  void pycachePrefixVariable_empty_isUnset() throws Exception {
    Pycached.Result result =
        Pycached.with("check", "-o", "json")
            .environment("PYTHONPYCACHEPREFIX", "")
            .environment("XDG_CACHE_HOME", directory.resolve("cache").toString())
            .run();
    assertThat(result.status()).isZero();
    assertThat(result.json().get("prefix").getAsString())
        .isEqualTo(directory.resolve("cache/pycached/prefix").toString());
  }

  private static void assertUsage(Pycached.Result result, String line) {
    assertThat(result.err()).isEqualTo(line);
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void project_insideThePrefix_isRefused() throws Exception {
    Site site = Site.in(directory);
    site.configure(site.project("inner", site.prefix().resolve("inner")));
    for (String command : List.of("check", "run")) {
      Pycached.Result result = site.command(command).run();
      assertThat(result.status()).as(command).isEqualTo(2);
      assertThat(result.err())
          .startsWith("pycached: " + site.config() + ":")
          .contains("expected a tree outside the prefix");
    }
  }

  @Test
  void prefix_insideAProject_isNotTakenForSources() throws Exception {
    Site site = Site.in(directory);
    site.configure(site.project("all", site.top()));
    site.source("a.py", "a = 1\n");
    site.compile();
    Files.writeString(site.prefix().resolve("stray.py"), "stray = 1\n");
    assertThat(site.check().getAsJsonArray("projects").get(0).getAsJsonObject().get("sources"))
        .hasToString("1");
    try (PycachedDaemon daemon = site.daemon()) {
      site.awaitAgreement(daemon);
      assertThat(daemon.files("fresh")).isEqualTo(1);
      site.source("b.py", "b = 1\n");
      site.compile();
      daemon.awaitStatus(status -> assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(2));
    }
  }

  @Test
  void project_insideAnother_countsItsOwnFiles() throws Exception {
    Site site = Site.in(directory);
    site.configure(
        site.project("outer", site.root()), site.project("inner", site.root().resolve("sub")));
    site.source("a.py", "a = 1\n");
    site.source("sub/b.py", "b = 1\n");
    site.source("sub/deep/c.py", "c = 1\n");
    site.compile();
    assertThat(filesByProject(site)).containsExactly("outer 1", "inner 2");
    try (PycachedDaemon daemon = site.daemon()) {
      Files.delete(site.root().resolve("sub/deep/c.py"));
      Files.delete(site.root().resolve("sub/deep"));
      daemon.awaitStatus(status -> assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(2));
      site.awaitAgreement(daemon);
      site.awaitNoEmptyDirectory();
    }
    assertThat(site.bytecodeFiles())
        .containsExactly(site.bytecode("a.py"), site.bytecode("sub/b.py"));
  }

  private static List<String> filesByProject(Site site) throws Exception {
    return site.check().getAsJsonArray("projects").asList().stream()
        .map(project -> project.getAsJsonObject())
        .map(
            project ->
                project.get("name").getAsString() + " " + PycachedDaemon.files(project, "fresh"))
        .toList();
  }
}
