package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user without rights is told. Needs root, to become that user. */
final class DeniedIT {
  private static final List<String> NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  @TempDir Path directory;
  private Site site;
  private Path distribution;

  @BeforeEach
  void fill() throws Exception {
    assumeThat(Files.getAttribute(directory, "unix:uid")).as("needs root").isEqualTo(0);
    assumeThat(Files.isExecutable(Path.of("/usr/bin/setpriv"))).as("needs setpriv").isTrue();
    site = Site.in(directory);
    mode(directory, "rwxr-xr-x");
    // The build's own directory may be closed to others.
    distribution = copyOfDistribution();
    assumeThat(asNobody(Pycached.with("--version")).status()).as("nobody runs Java").isZero();
    site.source("a.py", "a = 1\n");
    site.source("sub/b.py", "b = 1\n");
    site.compile();
  }

  private Path copyOfDistribution() throws IOException {
    Path copy = Files.createDirectory(site.top().resolve("dist"));
    for (Path each : Site.below(Pycached.distribution())) {
      Path target = copy.resolve(Pycached.distribution().relativize(each));
      Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
      mode(
          target,
          Files.isDirectory(target) || target.endsWith("pycached") ? "rwxr-xr-x" : "rw-r--r--");
    }
    return copy;
  }

  private Pycached.Result asNobody(Pycached command) throws Exception {
    return command.from(distribution).after(NOBODY).run();
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  void prefix_ofAnotherUser_isLeftToItByRoot() throws Exception {
    site.source("c.py", "c = 1\n");
    Files.setAttribute(site.prefix(), "unix:uid", 65_534);
    List<Path> before = Site.below(site.prefix());
    String tree = site.root().toString();
    for (Pycached command :
        List.of(
            site.command("sync", tree),
            site.command("clean", "--adopt", tree),
            site.command("prune"))) {
      Pycached.Result result = command.run();
      assertThat(result.status()).as("%s", result).isEqualTo(4);
      assertThat(result.err()).contains("belongs to nobody", "runuser -u nobody");
    }
    assertThat(Site.below(site.prefix())).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void prefix_closed_is4() throws Exception {
    mode(site.prefix(), "rwx------");
    Path closed = site.prefix().resolve("deeper");
    for (String command : List.of("check", "prune", "run")) {
      Pycached.Result result = asNobody(site.command(command, "--prefix", closed.toString()));
      assertThat(result.status()).as("%s: %s", command, result).isEqualTo(4);
      assertThat(result.err()).contains("permission denied").doesNotContain("Exception");
    }
  }

  @Test
  void prune_prefixOfAnother_is4AndKeepsAll() throws Exception {
    Files.delete(site.root().resolve("a.py"));
    Pycached.Result result = asNobody(site.command("prune"));
    assertThat(result.status()).as("%s", result).isEqualTo(4);
    assertThat(result.err()).contains("permission denied");
    assertThat(site.bytecode("a.py")).exists();
  }

  @Test
  void inspect_unreadable_is4() throws Exception {
    mode(site.bytecode("a.py"), "rw-------");
    Pycached.Result result = asNobody(Pycached.with("inspect", site.bytecode("a.py").toString()));
    assertThat(result.status()).isEqualTo(4);
    assertThat(result.err()).contains("a.cpython-312.pyc: permission denied");
  }

  @Test
  void status_socketOfAnother_is4() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      assertThat(daemon.files("fresh")).isEqualTo(2);
      Pycached.Result result =
          asNobody(Pycached.with("status", "--socket", site.socket().toString()));
      assertThat(result.status()).isEqualTo(4);
      assertThat(result.out()).isEmpty();
    }
  }

  @Test
  void check_sourceTreeClosed_provesNothing() throws Exception {
    mode(site.root(), "---------");
    Pycached.Result result = asNobody(site.command("check", "-o", "json"));
    assertThat(result.status()).isEqualTo(1);
    assertThat(PycachedDaemon.files(result.json(), "unverifiable")).isEqualTo(2);
    assertThat(PycachedDaemon.files(result.json(), "orphaned")).isZero();
    mode(site.root(), "rwxr-xr-x");
    mode(site.root().resolve("sub"), "---------");
    Pycached.Result partly = asNobody(site.command("check", "-o", "json"));
    assertThat(PycachedDaemon.files(partly.json(), "unverifiable")).isEqualTo(1);
    assertThat(PycachedDaemon.files(partly.json(), "fresh")).isEqualTo(1);
  }

  @Test
  void status_mirrorClosedByAnother_namesItUntilItCanBeSurveyed() throws Exception {
    Path mirror = allButOneMirrorToNobody();
    mode(mirror, "rwx------");
    try (PycachedDaemon daemon = daemonOfNobody()) {
      daemon.awaitReady();
      daemon.awaitStatus(
          status ->
              assertThat(status.getAsJsonArray("problems").toString())
                  .contains("\"not-surveyed\"")
                  .contains("1 directory of the prefix could not be surveyed, the first is")
                  .contains(mirror + ": permission denied"));
      assertThat(daemon.files("fresh")).isEqualTo(1);
      mode(mirror, "rwxr-xr-x");
      Files.setAttribute(mirror, "unix:uid", 65534);
      site.source("sub/c.py", "c = 1\n");
      daemon.awaitStatus(
          status -> {
            assertThat(PycachedDaemon.problems(status)).isEmpty();
            assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(2);
          });
    }
  }

  private Path allButOneMirrorToNobody() throws Exception {
    Path mirror = Objects.requireNonNull(site.bytecode("sub/b.py").getParent());
    for (Path path : Site.below(site.top())) {
      Files.setAttribute(path, "unix:uid", 65534);
    }
    Files.setAttribute(site.top(), "unix:uid", 65534);
    Files.setAttribute(mirror, "unix:uid", 0);
    return mirror;
  }

  private PycachedDaemon daemonOfNobody() throws Exception {
    List<String> command = new ArrayList<>(NOBODY);
    command.add(distribution.resolve("bin/pycached").toString());
    command.addAll(List.of("run", "--config", site.config().toString()));
    return PycachedDaemon.startBy(
        command, Pycached.bareEnvironment(), site.top(), site.socket(), site.top().resolve("log"));
  }

  /** As another user's umask of 022 leaves it in a volume. */
  @Test
  void status_orphanInADirectoryOfAnother_namesItUntilItCanGo() throws Exception {
    Path mirror = allButOneMirrorToNobody();
    Files.delete(site.root().resolve("sub/b.py"));
    try (PycachedDaemon daemon = daemonOfNobody()) {
      daemon.awaitReady();
      daemon.awaitStatus(
          status ->
              assertThat(status.getAsJsonArray("problems").toString())
                  .contains("\"not-changeable\"")
                  .contains("1 file could not be deleted or replaced, the first is")
                  .contains(site.bytecode("sub/b.py") + ": permission denied"));
      Files.setAttribute(mirror, "unix:uid", 65534);
      site.source("sub/c.py", "c = 1\n");
      daemon.awaitStatus(status -> assertThat(PycachedDaemon.problems(status)).isEmpty());
    }
  }
}
