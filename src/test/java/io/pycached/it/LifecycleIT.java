package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting, stopping and reloading, and who else wants the prefix. */
final class LifecycleIT {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final String RELOADED = "pycached_config_last_reload_successful";

  @TempDir Path directory;
  private Site site;

  @BeforeEach
  void fill() throws Exception {
    site = Site.in(directory);
    site.source("a.py", "a = 1\n");
    site.source("sub/b.py", "b = 1\n");
    site.compile();
  }

  @Test
  void run_prefixInUse_is1AndNamesTheHolder() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      Pycached.Result second = site.command("run").run();
      assertThat(second.status()).isEqualTo(1);
      assertThat(second.err().lines()).hasSize(1);
      assertThat(second.err()).contains(site.prefix() + " is in use by", "pid " + daemon.pid());
      assertThat(daemon.status().get("pid").getAsLong()).isEqualTo(daemon.pid());
    }
  }

  @Test
  void run_afterSigkill_replacesTheStaleSocket() throws Exception {
    try (PycachedDaemon killed = site.daemon()) {
      killed.kill();
    }
    assertThat(site.socket()).exists();
    Pycached.Result none = Pycached.with("status", "--socket", site.socket().toString()).run();
    assertThat(none.status()).isEqualTo(3);
    try (PycachedDaemon next = site.daemon()) {
      assertThat(next.files("fresh")).isEqualTo(2);
    }
  }

  @Test
  void run_socketOfAnother_isRefusedAndLeft() throws Exception {
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(site.socket()));
      Pycached.Result result = site.command("run").run();
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err().lines()).hasSize(1);
      assertThat(result.err()).contains(site.socket() + " is in use by another process");
    }
    assertThat(site.socket()).exists();
    Files.delete(site.socket());
    Files.writeString(site.socket(), "mine");
    Pycached.Result file = site.command("run").run();
    assertThat(file.status()).isNotZero();
    assertThat(file.err()).contains("not a socket");
    assertThat(site.socket()).hasContent("mine");
  }

  @Test
  void prune_whileTheDaemonRuns_isHandedOver() throws Exception {
    // Asked before it would act by itself.
    Files.writeString(
        site.config(), Files.readString(site.config()).replace("\"20ms\"", "\"50s\""));
    try (PycachedDaemon daemon = site.daemon()) {
      Files.delete(site.root().resolve("a.py"));
      Pycached.Result dry = site.command("prune", "--dry-run").run();
      assertThat(dry.status()).isZero();
      assertThat(dry.out()).startsWith("would delete  " + site.bytecode("a.py"));
      assertThat(site.bytecode("a.py")).exists();
      Pycached.Result result = site.command("prune", "-o", "json").run();
      assertThat(result.status()).as("%s", result).isZero();
      assertThat(result.json().get("dry_run").getAsBoolean()).isFalse();
      assertThat(result.json().getAsJsonArray("actions").toString())
          .contains(site.bytecode("a.py").toString());
      assertThat(site.bytecode("a.py")).doesNotExist();
      assertThat(daemon.body("/metrics"))
          .contains("pycached_deleted_files_total{reason=\"source-missing\"} 1");
      Pycached.Result text = site.command("prune").run();
      assertThat(text.out()).startsWith("deleted 0 files");
      daemon.kill();
      // Nobody holds the prefix now: the command does it itself.
      assertThat(site.command("prune").run().status()).isZero();
    }
  }

  @Test
  void sighup_brokenConfig_keepsTheOldOneUntilItIsMended() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      String good = Files.readString(site.config());
      Files.writeString(site.config(), good.replace("orphan-grace", "orphan-grase"));
      daemon.hangUp();
      daemon.awaitStatus(
          status -> assertThat(PycachedDaemon.problems(status)).containsExactly("config-invalid"));
      assertThat(daemon.status().get("state").getAsString()).isEqualTo("degraded");
      assertThat(daemon.status().getAsJsonArray("problems").toString())
          .contains("c.toml:", "orphan-grase");
      assertThat(daemon.body("/metrics")).contains(RELOADED + " 0");
      assertThat(daemon.files("fresh")).isEqualTo(2);
      Files.delete(site.root().resolve("a.py"));
      daemon.awaitStatus(status -> assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(1));

      Path other = Files.createDirectory(site.top().resolve("other"));
      Files.writeString(other.resolve("o.py"), "o = 1\n");
      site.compile(other);
      site.configure(site.project("shop", site.root()), site.project("other", other));
      daemon.hangUp();
      daemon.awaitStatus(
          status -> {
            assertThat(PycachedDaemon.problems(status)).isEmpty();
            assertThat(names(status)).containsExactly("shop 1 events", "other 1 events");
          });
      assertThat(daemon.body("/metrics")).contains(RELOADED + " 1");
      Files.delete(other.resolve("o.py"));
      site.source("sub/b.py", "b = 'longer'\n");
      daemon.awaitStatus(
          status -> {
            assertThat(PycachedDaemon.files(status, "fresh")).isZero();
            assertThat(PycachedDaemon.files(status, "stale")).isEqualTo(1);
          });
    }
  }

  @Test
  void sighup_fewerProjects_leavesTheirBytecodeUnclaimed() throws Exception {
    Path other = Files.createDirectory(site.top().resolve("other"));
    Files.writeString(other.resolve("o.py"), "o = 1\n");
    site.compile(other);
    site.configure(site.project("shop", site.root()), site.project("other", other));
    try (PycachedDaemon daemon = site.daemon()) {
      assertThat(names(daemon.status())).containsExactly("shop 2 events", "other 1 events");
      site.configure(site.project("shop", site.root()));
      daemon.hangUp();
      daemon.awaitStatus(
          status -> {
            assertThat(names(status)).containsExactly("shop 2 events");
            assertThat(PycachedDaemon.files(status.getAsJsonObject("unclaimed"), "fresh"))
                .isEqualTo(1);
          });
      Files.delete(other.resolve("o.py"));
      assertThat(site.command("prune").run().status()).isZero();
      assertThat(site.bytecode(other.resolve("o.py"))).exists();
    }
  }

  @Test
  void sigterm_endsSoonAndRemovesTheSocket() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      assertThat(daemon.terminate(SOON)).isZero();
      assertThat(daemon.log().lines().toList()).last().asString().endsWith(" INFO stopping");
      assertThat(site.socket()).doesNotExist();
      assertThat(stagingDirectories()).isEmpty();
    }
    try (PycachedDaemon again = site.daemon()) {
      assertThat(again.files("fresh")).isEqualTo(2);
    }
  }

  @Test
  void sigterm_whileStarting_endsSoonAndRemovesTheSocket() throws Exception {
    try (PycachedDaemon daemon = site.startDaemon()) {
      await()
          .pollInterval(Duration.ofMillis(1))
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.exists(site.socket()));
      assertThat(daemon.terminate(SOON)).isZero();
      assertThat(daemon.log()).contains(" INFO stopping\n");
      assertThat(site.socket()).doesNotExist();
      assertThat(stagingDirectories()).isEmpty();
    }
  }

  private List<Path> stagingDirectories() throws Exception {
    return Site.below(site.top()).stream()
        .filter(path -> path.getFileName().toString().matches("\\.[0-9]{7}"))
        .toList();
  }

  private static List<String> names(JsonObject status) {
    return status.getAsJsonArray("projects").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(
            project ->
                "%s %d %s"
                    .formatted(
                        project.get("name").getAsString(),
                        PycachedDaemon.files(project, "fresh"),
                        project.getAsJsonObject("watch").get("mode").getAsString()))
        .toList();
  }
}
