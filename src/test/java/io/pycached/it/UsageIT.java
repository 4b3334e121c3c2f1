package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
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
        "check --config"
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
    for (String command : List.of("check", "prune", "run")) {
      Pycached.Result result = site.command(command).run();
      assertThat(result.status()).as(command).isEqualTo(2);
      assertThat(result.err())
          .isEqualTo(
              "pycached: the prefix " + site.prefix() + " is a file, expected a directory\n");
    }
    assertThat(site.prefix()).hasContent("a file");
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
    }
    assertThat(site.bytecodeFiles())
        .containsExactly(site.bytecode("a.py"), site.bytecode("sub/b.py"));
    assertThat(site.emptyDirectories()).isEmpty();
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
