package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root that is not there proves nothing: its bytecode stays. */
final class RootIT {
  private static final int MANY = 40;

  @TempDir Path directory;
  private Site site;
  private boolean isMounted;
  private List<Path> bytecode = List.of();

  @BeforeEach
  void fill() throws Exception {
    site = Site.in(directory);
    for (String name : List.of("a.py", "b.py", "pkg/__init__.py", "pkg/sub/c.py")) {
      site.source(name, "x = 1\n");
    }
    site.compile();
    bytecode = site.bytecodeFiles();
    assertThat(bytecode).hasSize(4);
  }

  @Test
  void root_renamedAwayAndBack_keepsAll() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      Path away = site.top().resolve("away");
      Files.move(site.root(), away);
      daemon.awaitStatus(RootIT::assertVanished);
      assertThat(PycachedDaemon.files(daemon.status(), "unverifiable")).isEqualTo(4);
      assertThat(site.command("prune").run().status()).isZero();
      assertThat(site.bytecodeFiles()).isEqualTo(bytecode);
      Files.move(away, site.root());
      daemon.awaitStatus(RootIT::assertReady);
      assertThat(site.bytecodeFiles()).isEqualTo(bytecode);
      // And it is watched again.
      Files.delete(site.root().resolve("pkg/sub/c.py"));
      daemon.awaitStatus(status -> assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(3));
      site.awaitAgreement(daemon);
    }
  }

  @Test
  void root_replacedByAnEmptyDirectory_keepsAll() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      Files.move(site.root(), site.top().resolve("away"));
      Files.createDirectory(site.root());
      daemon.awaitStatus(RootIT::assertVanished);
      assertThat(site.command("prune").run().status()).isZero();
      assertThat(site.bytecodeFiles()).isEqualTo(bytecode);
    }
  }

  @Test
  void root_missingAtTheStart_isNoticedWhenItComes() throws Exception {
    Files.move(site.root(), site.top().resolve("away"));
    try (PycachedDaemon daemon = site.daemon()) {
      assertVanished(daemon.status());
      Files.move(site.top().resolve("away"), site.root());
      daemon.awaitStatus(RootIT::assertReady);
      assertThat(site.bytecodeFiles()).isEqualTo(bytecode);
    }
  }

  @Test
  void prune_rootMissing_deletesNothing() throws Exception {
    Files.move(site.root(), site.top().resolve("away"));
    assertThat(site.command("prune").run().status()).isZero();
    Files.createDirectory(site.root());
    assertThat(site.command("prune").run().status()).isZero();
    assertThat(site.bytecodeFiles()).isEqualTo(bytecode);
  }

  /** Another disk in its place, with something on it; also while the daemon was not there. */
  @Test
  void root_replacedByAnotherFileSystem_keepsAllUntilItIsConfirmed() throws Exception {
    assumeThat(Files.getAttribute(directory, "unix:uid")).as("needs root").isEqualTo(0);
    Files.writeString(
        Files.createDirectory(site.top().resolve("conf.d")).resolve("careful.toml"),
        "[limits]\nmass-deletion = 0.5\n[watch]\nfull-survey = \"1s\"\n");
    for (int i = 0; i < MANY; i++) {
      site.source("m" + i + ".py", "x = 1\n");
    }
    site.compile();
    bytecode = site.bytecodeFiles();
    try (PycachedDaemon daemon = site.daemon()) {
      site.awaitAgreement(daemon);
      mount();
      daemon.awaitStatus(status -> assertReplaced(status));
    }
    try (PycachedDaemon daemon = site.daemon()) {
      daemon.awaitStatus(status -> assertReplaced(status));
      awaitSurveys(daemon, 3);
      assertReplaced(daemon.status());
      assertThat(site.bytecodeFiles()).isEqualTo(bytecode);
      assertThat(site.command("prune", "--project", "shop", "--confirm").run().status()).isZero();
      assertThat(site.bytecodeFiles()).isEmpty();
      daemon.awaitStatus(status -> assertThat(PycachedDaemon.problems(status)).isEmpty());
    }
  }

  private void mount() throws Exception {
    assertThat(run("mount", "-t", "tmpfs", "-o", "mode=0755", "none", site.root().toString()))
        .isZero();
    isMounted = true;
    site.source("other.py", "y = 2\n");
  }

  @AfterEach
  void unmount() throws Exception {
    if (isMounted) {
      assertThat(run("umount", site.root().toString())).isZero();
    }
  }

  private static int run(String... command) throws Exception {
    return Pycached.run(List.of(command), Pycached.bareEnvironment(), new byte[0]).status();
  }

  private static void awaitSurveys(PycachedDaemon daemon, int more) throws Exception {
    double before = surveys(daemon);
    await().atMost(Duration.ofSeconds(30)).until(() -> surveys(daemon) >= before + more);
  }

  private static double surveys(PycachedDaemon daemon) throws Exception {
    return daemon
        .body("/metrics")
        .lines()
        .filter(line -> line.startsWith("pycached_full_survey_seconds_count"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static void assertReplaced(JsonObject status) {
    assertThat(PycachedDaemon.problems(status)).containsExactly("project-vanished");
    assertThat(visible(status)).isFalse();
    assertThat(status.toString())
        .contains("is on another file system than before")
        .contains("pycached prune --project shop --confirm");
  }

  private static void assertVanished(JsonObject status) {
    assertThat(PycachedDaemon.problems(status)).contains("project-vanished");
    assertThat(visible(status)).isFalse();
    assertThat(status.get("state").getAsString()).isEqualTo("degraded");
    assertThat(PycachedDaemon.files(status, "orphaned")).isZero();
    assertThat(PycachedDaemon.files(status, "fresh")).isZero();
  }

  private static void assertReady(JsonObject status) {
    assertThat(PycachedDaemon.problems(status)).isEmpty();
    assertThat(visible(status)).isTrue();
    assertThat(status.get("state").getAsString()).isEqualTo("ready");
    assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(4);
    assertThat(
            status
                .getAsJsonArray("projects")
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("watch")
                .get("mode")
                .getAsString())
        .isEqualTo("events");
  }

  private static boolean visible(JsonObject status) {
    return status.getAsJsonArray("projects").get(0).getAsJsonObject().get("visible").getAsBoolean();
  }
}
