package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A prefix that stays within its limits, and keeps what may only seem to be gone. */
final class BoundsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MANY = 40;

  @TempDir Path directory;
  private Site site;
  private @Nullable PycachedDaemon started;

  @BeforeEach
  void layOut() throws Exception {
    site = Site.in(directory);
  }

  @AfterEach
  void stop() {
    if (started != null) {
      started.close();
    }
  }

  private PycachedDaemon start(String limits, String... tables) throws IOException {
    configure(limits, tables);
    started = site.daemon();
    return started;
  }

  private void configure(String limits, String... tables) throws IOException {
    Files.writeString(
        site.config(),
        """
        prefix = "%s"
        [admin]
        socket = "%s"
        [interpreters]
        discover = false
        [watch]
        debounce = "20ms"
        [limits]
        orphan-grace = "0s"
        %s
        %s
        """
            .formatted(
                site.prefix(),
                site.socket(),
                limits,
                tables.length == 0
                    ? site.project("shop", site.root()) + "warm = \"none\""
                    : String.join("\n", tables)));
  }

  private String shop() {
    return site.project("shop", site.root()) + "warm = \"none\"\n";
  }

  // Limits.

  @Test
  void run_tooManyFiles_evictsTheLeastRecentlyUsed() throws Exception {
    modules(MANY);
    for (int i = 0; i < MANY; i++) {
      used(i, Duration.ofDays(10 + i));
    }
    PycachedDaemon daemon = start("max-files = 30\nlow-water = 0.5");
    daemon.awaitStatus(
        status -> {
          assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(15);
          assertThat(status.getAsJsonObject("limits").get("files").getAsLong()).isEqualTo(15);
        });
    for (int i = 0; i < MANY; i++) {
      assertThat(Files.exists(site.bytecode(name(i)))).as(name(i)).isEqualTo(i < 15);
    }
    assertThat(daemon.problems()).contains("limit-reached");
    assertThat(events()).hasSize(MANY - 15).allMatch(line -> line.contains("\"max-files\""));
  }

  @Test
  void run_everythingIsInUse_keepsItAndSaysSo() throws Exception {
    modules(MANY);
    PycachedDaemon daemon = start("max-files = 30");
    daemon.awaitStatus(
        status -> assertThat(PycachedDaemon.problems(status)).contains("limit-exceeded"));
    assertThat(site.bytecodeFiles()).hasSize(MANY);
  }

  /** A daemon that looks at a file must not make it look used. */
  @Test
  void run_readByTheDaemonOnly_countsAsUnused() throws Exception {
    modules(3);
    for (int i = 0; i < 3; i++) {
      used(i, Duration.ofDays(40));
    }
    PycachedDaemon daemon = start("", shop(), "[scrub]\nrate = \"100 MiB\"\nevery = \"1s\"\n");
    daemon.awaitStatus(status -> assertThat(status.get("last_scrub_at").isJsonNull()).isFalse());
    assertThat(daemon.terminate(PATIENCE)).isZero();
    assertThat(accessed(0)).isAfter(Instant.now().minus(Duration.ofDays(1)));
    configure("max-age = \"30d\"");
    JsonObject pruned = prune();
    assertThat(pruned.getAsJsonObject("deleted").get("files").getAsLong()).isEqualTo(3);
  }

  /** It ages while nothing happens, and the next survey of everything is far away. */
  @Test
  void prune_handedToADaemon_keepsTheLimits() throws Exception {
    modules(3);
    PycachedDaemon daemon = start("max-age = \"30d\"");
    daemon.awaitStatus(status -> assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(3));
    for (int i = 0; i < 2; i++) {
      used(i, Duration.ofDays(40));
    }
    JsonObject pruned = prune();
    assertThat(pruned.getAsJsonObject("deleted").get("files").getAsLong()).isEqualTo(2);
    assertThat(site.bytecodeFiles()).containsExactly(site.bytecode(name(2)));
  }

  @Test
  void prune_projectsOwnLimit_leavesOthersAlone() throws Exception {
    modules(MANY);
    for (int i = 0; i < MANY; i++) {
      used(i, Duration.ofDays(10 + i));
    }
    Path other = Files.createDirectories(site.top().resolve("srv/other"));
    Files.writeString(other.resolve("o.py"), "o = 1\n");
    site.compile(other);
    configure("", shop() + "max-files = 10\n", site.project("other", other));
    JsonObject foreseen = prune("--dry-run");
    assertThat(foreseen.getAsJsonObject("deleted").get("files").getAsLong()).isEqualTo(31);
    assertThat(site.bytecodeFiles()).hasSize(MANY + 1);
    // A dry run reads, and leaves no note of it: to who comes after it, that was a use.
    for (int i = 0; i < MANY; i++) {
      used(i, Duration.ofDays(10 + i));
    }
    assertThat(prune().getAsJsonObject("deleted").get("files").getAsLong()).isEqualTo(31);
    assertThat(site.bytecode(other.resolve("o.py"))).exists();
  }

  // What may only seem to be gone.

  @Test
  void run_mostSourcesGo_waitsForAnOperator() throws Exception {
    modules(MANY);
    site.source("stays.py", "x = 1\n");
    PycachedDaemon daemon = start("");
    for (int i = 0; i < MANY; i++) {
      Files.delete(site.root().resolve(name(i)));
    }
    daemon.awaitStatus(
        status -> assertThat(PycachedDaemon.problems(status)).contains("mass-deletion"));
    Pycached.Result refused = site.command("prune", "--project", "shop").run();
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).contains("mass-deletion", "--confirm");
    assertThat(site.bytecodeFiles().size()).isGreaterThanOrEqualTo(MANY - 20);
    assertThat(site.command("prune", "--project", "shop", "--confirm").run().status()).isZero();
    daemon.awaitStatus(
        status -> assertThat(PycachedDaemon.problems(status)).doesNotContain("mass-deletion"));
    assertThat(site.bytecodeFiles()).isEmpty();
  }

  @Test
  void prune_mostSourcesAreGone_needsConfirmation() throws Exception {
    modules(MANY);
    site.source("stays.py", "x = 1\n");
    for (int i = 0; i < MANY; i++) {
      Files.delete(site.root().resolve(name(i)));
    }
    configure("");
    assertThat(site.command("prune").run().status()).isEqualTo(1);
    assertThat(site.bytecodeFiles()).hasSize(MANY);
    assertThat(site.command("prune", "--confirm").run().status()).isZero();
    assertThat(site.bytecodeFiles()).isEmpty();
  }

  @Test
  void run_unclaimedEnvironmentIsGone_goesIfThatMayCount() throws Exception {
    site.source("m.py", "x = 1\n");
    Path tmp = Files.createDirectories(site.top().resolve("tmp"));
    Files.createFile(tmp.resolve("other"));
    Path env = Files.createDirectories(tmp.resolve("env/lib"));
    Files.writeString(env.resolve("e.py"), "e = 1\n");
    site.compile(tmp.resolve("env"));
    Path bytecode = site.bytecode(env.resolve("e.py"));
    Site.deleteTree(tmp.resolve("env"));
    configure("");
    prune();
    assertThat(bytecode).exists();
    configure("", shop(), "[unclaimed]\nprune-missing = true\nsame-container = true\n");
    prune();
    assertThat(bytecode).doesNotExist();
    assertThat(events()).anyMatch(line -> line.contains("is there, and so is its disk"));
  }

  // Purge.

  @Test
  void purge_throughTheDaemon_dropsTheMirrorAndNothingElse() throws Exception {
    modules(3);
    Path foreign = Files.writeString(site.mirror(site.root()).resolve("README"), "mine");
    PycachedDaemon daemon = start("");
    Pycached.Result purged = site.command("purge", "shop", "-o", "json").run();
    assertThat(purged.status()).isZero();
    assertThat(purged.json().getAsJsonObject("deleted").get("files").getAsLong()).isEqualTo(3);
    assertThat(foreign).exists();
    daemon.awaitStatus(status -> assertThat(PycachedDaemon.files(status, "fresh")).isZero());
    assertThat(site.command("purge", "nope").run().status()).isEqualTo(2);
  }

  // Scrub.

  @Test
  void scrub_damageFromBeforeTheStart_isDeletedWhenNobodyCanMendIt() throws Exception {
    modules(2);
    byte[] whole = Files.readAllBytes(site.bytecode(name(0)));
    Files.write(site.bytecode(name(0)), Arrays.copyOf(whole, whole.length - 9));
    used(0, Duration.ofDays(3));
    start("", shop(), "[scrub]\nrate = \"100 MiB\"\nevery = \"1s\"\n");
    // Python writes whole files; for others who write, damage has to settle.
    await().atMost(Duration.ofSeconds(100)).until(() -> !Files.exists(site.bytecode(name(0))));
    assertThat(site.bytecode(name(1))).exists();
    assertThat(events()).anyMatch(line -> line.contains("truncated-body"));
  }

  private void modules(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      site.source(name(i), "x = " + i + "\n");
    }
    site.compile();
  }

  private static String name(int i) {
    return "m" + i + ".py";
  }

  private void used(int i, Duration ago) throws IOException {
    FileTime then = FileTime.from(Instant.now().minus(ago));
    FileTime written = FileTime.from(Instant.now().minus(ago).minus(Duration.ofDays(1)));
    Files.getFileAttributeView(site.bytecode(name(i)), BasicFileAttributeView.class)
        .setTimes(written, then, null);
  }

  private Instant accessed(int i) throws IOException {
    return Objects.requireNonNull(
            Files.getFileAttributeView(site.bytecode(name(i)), BasicFileAttributeView.class))
        .readAttributes()
        .lastAccessTime()
        .toInstant();
  }

  private JsonObject prune(String... more) throws Exception {
    Pycached prune = site.command("prune", "-o", "json");
    if (more.length > 0) {
      prune = site.command("prune", "-o", "json", more[0]);
    }
    return prune.run().json();
  }

  private List<String> events() throws Exception {
    return site.command("events", "-o", "json").run().out().lines().toList();
  }
}
