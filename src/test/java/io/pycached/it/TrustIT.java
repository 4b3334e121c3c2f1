package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another user forges bytecode with the right header. Needs root, to become that user and to plant
 * what they could not.
 */
final class TrustIT {
  private static final int NOBODY = 65534;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final FileTime EDITED = FileTime.from(Instant.parse("2026-01-02T03:04:05Z"));
  private static final String GOOD = "WHO = 'good'\n";
  private static final String EVIL = "WHO = 'evil'\n";

  @TempDir Path directory;
  private Site site;
  private Path source;
  private Path bytecode;
  private Path forged;

  @BeforeEach
  void forge() throws Exception {
    assumeThat(Files.getAttribute(directory, "unix:uid")).as("needs root").isEqualTo(0);
    assumeThat(Files.isExecutable(Path.of("/usr/bin/setpriv"))).as("needs setpriv").isTrue();
    site = Site.in(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    site.configure(site.project("shop", site.root()), site.interpreter());
    source = site.source("mod.py", EVIL);
    Files.setLastModifiedTime(source, EDITED);
    site.compile();
    bytecode = site.bytecode("mod.py");
    forged =
        Files.move(bytecode, site.top().resolve("forged"), StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(source, GOOD);
    Files.setLastModifiedTime(source, EDITED);
  }

  /** What an import says, by an interpreter that writes nothing. */
  private String imported() throws Exception {
    return site.python(
            List.of(
                "-c",
                "import sys; sys.path.insert(0, sys.argv[1]); import mod; print(mod.WHO)",
                site.root().toString()))
        .strip();
  }

  private static Pycached.Result asNobody(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    command.addAll(List.of(words));
    return Pycached.run(command, Pycached.bareEnvironment(), new byte[0]);
  }

  private static int owner(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:uid");
  }

  /** The forgery is what it is said to be. */
  @Test
  void interpreter_forgedBytecodeWithTheRightHeader_runsIt() throws Exception {
    Files.createDirectories(Objects.requireNonNull(bytecode.getParent()));
    Files.copy(forged, bytecode);
    Files.setAttribute(bytecode, "unix:uid", NOBODY);
    assertThat(imported()).isEqualTo("evil");
  }

  // The daemon alone writes.

  @Test
  void daemonMode_otherUser_cannotPlantAnything() throws Exception {
    site.compile();
    try (PycachedDaemon daemon = site.daemon()) {
      for (String target : List.of(bytecode.toString(), bytecode + "x", site.prefix() + "/new")) {
        assertThat(asNobody("cp", forged.toString(), target).err()).contains("Permission denied");
      }
      assertThat(imported()).isEqualTo("good");
      assertThat(daemon.problems()).isEmpty();
    }
  }

  @Test
  void daemonMode_umaskOfZero_makesThePrefixClosedToOthers() throws Exception {
    Site.deleteTree(site.prefix());
    Pycached.Result sync =
        site.command("sync", site.root().toString())
            .after(List.of("sh", "-c", "umask 0; exec \"$@\"", "sh"))
            .run();
    assertThat(sync.status()).as(sync.err()).isZero();
    assertThat(bytecode).exists();
    for (Path path : Site.below(site.prefix())) {
      assertThat((int) Files.getAttribute(path, "unix:mode") & 0002)
          .as("others may write to %s", path)
          .isEqualTo(path.endsWith("CACHEDIR.TAG") ? 0002 : 0);
    }
    assertThat((int) Files.getAttribute(site.prefix(), "unix:mode") & 0777).isEqualTo(0755);
  }

  @Test
  void daemonMode_plantedBytecode_isMadeAgainBeforeAnybodyRunsIt() throws Exception {
    site.compile();
    try (PycachedDaemon daemon = site.daemon()) {
      Path planted = Files.copy(forged, bytecode.resolveSibling("planted"));
      Files.setAttribute(planted, "unix:uid", NOBODY);
      Files.move(planted, bytecode, StandardCopyOption.ATOMIC_MOVE);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(bytecode).exists();
                assertThat(owner(bytecode)).isZero();
              });
      assertThat(imported()).isEqualTo("good");
      assertThat(daemon.body("/metrics"))
          .contains("pycached_deleted_files_total{reason=\"untrusted-owner\"} 1.0")
          .contains("pycached_compiled_files_total{reason=\"untrusted-owner\"} 1.0");
      daemon.awaitStatus(status -> assertThat(PycachedDaemon.problems(status)).isEmpty());
    }
  }

  @Test
  void daemonMode_hardLink_isUnlinkedAndItsOtherNameKept() throws Exception {
    site.compile();
    byte[] before = Files.readAllBytes(bytecode);
    try (PycachedDaemon daemon = site.daemon()) {
      Path other = Files.createLink(site.top().resolve("other"), bytecode);
      // Of the link itself no watch of the mirror tells.
      Files.setLastModifiedTime(bytecode, FileTime.from(Instant.now()));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(daemon.body("/metrics")).contains("reason=\"hard-link\"} 1.0"));
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(bytecode).exists());
      assertThat(Files.isSameFile(bytecode, other)).isFalse();
      assertThat(other).hasBinaryContent(before);
    }
  }

  @Test
  void daemonMode_worldWritableMirror_isReportedUntilItIsMended() throws Exception {
    site.compile();
    try (PycachedDaemon daemon = site.daemon()) {
      Path mirror = Objects.requireNonNull(bytecode.getParent());
      Files.setPosixFilePermissions(mirror, PosixFilePermissions.fromString("rwxrwxrwx"));
      touch(mirror);
      daemon.awaitStatus(
          status ->
              assertThat(PycachedDaemon.problems(status))
                  .containsExactly("untrusted-world-writable"));
      assertThat(daemon.body("/metrics"))
          .contains("pycached_audit_flaws{kind=\"world-writable\"} 1.0");
      assertThat(bytecode).exists();
      Files.setPosixFilePermissions(mirror, PosixFilePermissions.fromString("rwxr-xr-x"));
      touch(mirror);
      daemon.awaitStatus(status -> assertThat(PycachedDaemon.problems(status)).isEmpty());
    }
  }

  /** Makes the daemon look at a mirror. */
  private static void touch(Path mirror) throws IOException {
    Files.delete(Files.createFile(mirror.resolve("touched")));
  }

  @Test
  void daemonMode_privateSourceOfAnotherUser_isCompiledForThem() throws Exception {
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-------"));
    Files.setAttribute(source, "unix:uid", NOBODY);
    Files.setAttribute(source, "unix:gid", NOBODY);
    assertThat(site.command("sync", site.root().toString()).run().status()).isZero();
    assertThat(Files.readAttributes(bytecode, "unix:uid,mode"))
        .containsEntry("uid", NOBODY)
        .containsEntry("mode", 0100600);
    assertThat(asNobody("cat", bytecode.toString()).status()).isZero();
    try (PycachedDaemon daemon = site.daemon()) {
      touch(Objects.requireNonNull(bytecode.getParent()));
      site.awaitAgreement(daemon);
      assertThat(daemon.problems()).isEmpty();
      assertThat(owner(bytecode)).isEqualTo(NOBODY);
    }
  }

  // Users write.

  @Test
  void usersMode_plantedBytecode_isNamedAndNotTouched() throws Exception {
    Files.writeString(
        Files.createDirectory(site.top().resolve("conf.d")).resolve("users.toml"),
        "writers = \"users\"\n");
    Site.deleteTree(site.prefix());
    Files.createDirectory(site.prefix());
    Files.setPosixFilePermissions(site.prefix(), PosixFilePermissions.fromString("rwxrwxrwx"));
    try (PycachedDaemon daemon = site.daemon()) {
      Pycached.Result planting =
          asNobody("install", "-D", "-m", "644", forged.toString(), bytecode.toString());
      assertThat(planting.status()).as(planting.err()).isZero();
      touch(Objects.requireNonNull(bytecode.getParent()));
      daemon.awaitStatus(
          status ->
              assertThat(message(status, "untrusted-untrusted-owner")).contains("in the prefix"));
      touch(site.prefix());
      daemon.awaitStatus(
          status ->
              assertThat(message(status, "untrusted-world-writable"))
                  .contains(site.prefix() + " (mode 0777)"));
      assertThat(bytecode).hasBinaryContent(Files.readAllBytes(forged));
      assertThat(owner(bytecode)).isEqualTo(NOBODY);

      JsonObject doctor = site.command("doctor", "-o", "json").run().json();
      assertThat(doctor.get("amiss").getAsBoolean()).isTrue();
      assertThat(found(doctor, "owners"))
          .anySatisfy(line -> assertThat(line).startsWith("untrusted-owner: "))
          .anySatisfy(line -> assertThat(line).startsWith("world-writable: 1 in the prefix"));
      assertThat(found(doctor, "daemon"))
          .anySatisfy(line -> assertThat(line).contains("untrusted-world-writable"));

      // Mended by hand, it is told of no longer.
      for (JsonElement check : doctor.getAsJsonArray("checks")) {
        JsonObject one = check.getAsJsonObject();
        if (one.get("check").getAsString().equals("owners")) {
          Pycached.run(
              List.of("sh", "-ec", one.get("mend").getAsString()),
              Pycached.bareEnvironment(),
              new byte[0]);
        }
      }
      assertThat(bytecode).doesNotExist();
      for (Path path : Site.below(site.prefix())) {
        if (Files.isDirectory(path)) {
          touch(path);
        }
      }
      touch(site.prefix());
      daemon.awaitStatus(status -> assertThat(PycachedDaemon.problems(status)).isEmpty());
      assertThat(imported()).isEqualTo("good");
    }
  }

  private static String message(JsonObject status, String code) {
    for (JsonElement problem : status.getAsJsonArray("problems")) {
      if (problem.getAsJsonObject().get("code").getAsString().equals(code)) {
        return problem.getAsJsonObject().get("message").getAsString();
      }
    }
    return "";
  }

  private static List<String> found(JsonObject doctor, String check) {
    List<String> found = new ArrayList<>();
    for (JsonElement each : doctor.getAsJsonArray("checks")) {
      if (each.getAsJsonObject().get("check").getAsString().equals(check)) {
        found.add(each.getAsJsonObject().get("found").getAsString());
      }
    }
    return found;
  }
}
