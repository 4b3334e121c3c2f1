package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root that is not there proves nothing: its bytecode stays. */
final class RootIT {
  @TempDir Path directory;
  private Site site;
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
