package io.pycached.it;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.pycached.testing.Pycached;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shipped, as a tarball and for Debian, and that a machine is as before without it. */
final class PackagesIT {
  private static final Path TARGET = Pycached.distribution().resolveSibling("");
  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C.UTF-8", "HOME", "/nonexistent");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String ARCHIVE = "/usr/share/pycached/lib/pycached.jsa";

  /** What the service does without unless somebody wants it to listen. */
  private static final String NETWORK =
      """
      [Service]
      PrivateNetwork=no
      RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
      IPAddressAllow=localhost
      """;

  /** What belongs to no package is not in it: directories that many make and use. */
  private static final String FILES =
      "find /etc /usr /var/cache /var/lib /var/log /run /opt -xdev"
          + " ! -path '/var/lib/dpkg/*' ! -path '/var/log/journal/*' ! -path '/run/systemd/*'"
          + " ! -path '/run/udev/*' ! -path '/run/log/*' ! -path '/run/dpkg*'";

  @TempDir Path directory;

  private static Path built(String pattern) throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      List<Path> found =
          files.filter(file -> file.getFileName().toString().matches(pattern)).toList();
      assertThat(found).as("%s in %s", pattern, TARGET).hasSize(1);
      return found.get(0);
    }
  }

  private static Path deb() throws IOException {
    return built("pycached_.*_all\\.deb");
  }

  private static String output(String... command) throws Exception {
    Pycached.Result result = Pycached.run(List.of(command), ENVIRONMENT, new byte[0]);
    assertThat(result.status()).as("%s", result).isZero();
    return result.out();
  }

  private static boolean has(String program) throws Exception {
    return Pycached.run(List.of("sh", "-c", "command -v " + program), ENVIRONMENT, new byte[0])
            .status()
        == 0;
  }

  @Test
  void tarball_holdsTheDistribution_andNoArchiveOfClasses() throws Exception {
    String listing = output("tar", "-tvzf", built("pycached-.*\\.tar\\.gz").toString());
    Set<String> shipped =
        listing
            .lines()
            .map(line -> line.replaceAll(".* pycached-[^/]*/", ""))
            .filter(name -> !name.isEmpty() && !name.endsWith("/"))
            .collect(toCollection(TreeSet::new));
    Set<String> expected = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Pycached.distribution())) {
      files
          .filter(Files::isRegularFile)
          .map(file -> Pycached.distribution().relativize(file).toString())
          .filter(name -> !name.endsWith(".jsa"))
          .forEach(expected::add);
    }
    assertThat(shipped).isEqualTo(expected);
    assertThat(shipped).contains("LICENSE", "README.md", "share/man/man8/pycached.8");
    assertThat(listing.lines()).allMatch(line -> line.contains(" root/root "));
    assertThat(listing.lines())
        .anyMatch(line -> line.startsWith("-rwxr-xr-x ") && line.endsWith("/bin/pycached"));
  }

  @Test
  void deb_holdsWhatAServiceNeeds() throws Exception {
    assumeThat(has("dpkg-deb")).as("needs dpkg-deb").isTrue();
    List<String> lines = output("dpkg-deb", "-c", deb().toString()).lines().toList();
    assertThat(lines).allMatch(line -> line.contains(" root/root "));
    for (String file :
        List.of(
            "-rwxr-xr-x ./usr/share/pycached/bin/pycached",
            "-rw-r--r-- ./usr/share/pycached/lib/pycached.jar",
            "lrw-r--r-- ./usr/bin/pycached -> ../share/pycached/bin/pycached",
            "-rw-r--r-- ./etc/pycached/pycached.toml",
            "drwxr-xr-x ./etc/pycached/conf.d/",
            "-rw-r--r-- ./usr/lib/systemd/system/pycached.service",
            "-rw-r--r-- ./usr/share/man/man1/pycached.1.gz",
            "-rw-r--r-- ./usr/share/man/man5/pycached.toml.5.gz",
            "-rw-r--r-- ./usr/share/man/man8/pycached.8.gz",
            "-rw-r--r-- ./usr/share/bash-completion/completions/pycached",
            "-rw-r--r-- ./usr/share/zsh/vendor-completions/_pycached",
            "-rw-r--r-- ./usr/share/doc/pycached/copyright")) {
      String mode = file.substring(0, 10);
      assertThat(lines)
          .anyMatch(line -> line.startsWith(mode) && line.endsWith(file.substring(11)));
    }
    assertThat(lines).noneMatch(line -> line.contains(".jsa"));
    assertThat(output("dpkg-deb", "-I", deb().toString(), "conffiles"))
        .isEqualTo("/etc/pycached/pycached.toml\n");
  }

  @Test
  void deb_hasNoErrorsForLintian() throws Exception {
    assumeThat(has("lintian")).as("needs lintian").isTrue();
    Pycached.Result result =
        Pycached.run(
            List.of("lintian", "--allow-root", "--fail-on", "error", deb().toString()),
            ENVIRONMENT,
            new byte[0]);
    assertThat(result.status()).as("%s", result).isZero();
    assertThat(result.out()).doesNotContain("E: ");
  }

  @Test
  void deb_isInstalledUpgradedRemovedAndPurged() throws Exception {
    Path empty = Files.createDirectory(directory.resolve("machine"));
    assumeThat(BootedRoot.isPossible(empty) && has("dpkg-deb"))
        .as("needs root, systemd-nspawn, an overlay and dpkg-deb")
        .isTrue();
    try (BootedRoot machine = BootedRoot.boot(empty, "pycached-packages")) {
      writeOlder(machine.path("/opt/1.deb"));
      Files.copy(deb(), machine.path("/opt/2.deb"));
      Set<String> before = files(machine);

      machine.output("dpkg", "-i", "/opt/1.deb");
      String first = assertRuns(machine);
      assertThat(machine.output("systemctl", "is-enabled", "pycached")).isEqualTo("enabled");
      assertThat(machine.output("man", "-w", "8", "pycached")).endsWith("/pycached.8.gz");
      assertThat(machine.path(ARCHIVE)).doesNotExist();

      // What an administrator changes, stays; the address in it is taken while the archive is made.
      Path file = machine.path("/etc/pycached/conf.d/local.toml");
      Files.writeString(file, "[admin]\nlisten = \"127.0.0.1:7331\"\n");
      Path dropIn = machine.path("/etc/systemd/system/pycached.service.d/network.conf");
      Files.createDirectory(dropIn.resolveSibling(""));
      Files.writeString(dropIn, NETWORK);
      machine.output("systemctl", "daemon-reload");
      Path shipped = machine.path("/etc/pycached/pycached.toml");
      String edited = Files.readString(shipped) + "\n# Ours.\n";
      Files.writeString(shipped, edited);
      machine.output("systemctl", "restart", "pycached");
      assertThat(assertRuns(machine)).isNotEqualTo(first);
      first = pid(machine);

      machine.output("dpkg", "-i", "/opt/2.deb");
      assertThat(assertRuns(machine)).isNotEqualTo(first);
      assertThat(Files.readString(shipped)).isEqualTo(edited);
      assertThat(file).exists();
      assertThat(machine.output("stat", "-c", "%U %a", ARCHIVE)).isEqualTo("root 444");

      // Another build of Java came: the archive is made once more, here by something quicker.
      Path maker = machine.path("/usr/share/pycached/bin/pycached-archive");
      Files.writeString(maker, "#!/bin/sh\nrm /usr/share/pycached/lib/pycached.jsa\n");
      machine.output("dpkg-trigger", "--by-package=openjdk-17-jre-headless", "/usr/lib/jvm");
      machine.output("dpkg", "--triggers-only", "--pending");
      assertThat(machine.path(ARCHIVE)).doesNotExist();

      machine.output("dpkg", "-r", "pycached");
      assertThat(machine.run("pgrep", "-f", "pycached.jar").out()).isEmpty();
      assertThat(machine.path("/usr/share/pycached")).doesNotExist();
      assertThat(machine.path("/usr/bin/pycached")).doesNotExist();
      assertThat(machine.run("test", "-e", "/run/pycached").status()).isEqualTo(1);
      assertThat(Files.readString(shipped)).isEqualTo(edited);
      assertThat(machine.path("/var/cache/pycached/prefix")).exists();

      machine.output("dpkg", "-P", "pycached");
      Files.delete(dropIn);
      Files.delete(dropIn.resolveSibling(""));
      Set<String> left = files(machine);
      left.removeAll(before);
      // The user's lines are written to a new file each, and the old one is kept.
      left.removeIf(name -> name.matches("/etc/(passwd|group|shadow|gshadow|subuid|subgid)-"));
      assertThat(left).isEmpty();
    }
  }

  /** {@return the daemon's process id, once all is well with it} */
  private static String assertRuns(BootedRoot machine) throws Exception {
    assertThat(machine.run("systemctl", "is-active", "pycached").out())
        .as(() -> log(machine))
        .isEqualTo("active\n");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Pycached.Result status = machine.run("pycached", "status");
              assertThat(status.status()).as("%s %s", status, log(machine)).isZero();
              assertThat(status.out()).contains(", ready since ", "/var/cache/pycached/prefix");
            });
    return pid(machine);
  }

  private static String pid(BootedRoot machine) throws Exception {
    return machine.output("systemctl", "show", "--value", "--property=MainPID", "pycached");
  }

  private static String log(BootedRoot machine) {
    try {
      return machine.run("journalctl", "--no-pager", "-n", "20", "-u", "pycached").out();
    } catch (IOException | InterruptedException none) {
      return none.toString();
    }
  }

  private static Set<String> files(BootedRoot machine) throws Exception {
    return machine.output("sh", "-c", FILES).lines().collect(toCollection(TreeSet::new));
  }

  /** Writes the same package with a lower version, which can make no archive. */
  private void writeOlder(Path target) throws Exception {
    Path tree = directory.resolve("older");
    output("dpkg-deb", "-R", deb().toString(), tree.toString());
    Path control = tree.resolve("DEBIAN/control");
    Files.writeString(
        control, Files.readString(control).replaceFirst("(?m)^Version: .*", "Version: 0.0.1-1"));
    Files.writeString(
        tree.resolve("usr/share/pycached/bin/pycached-archive"), "#!/bin/sh\nexit 1\n");
    output(
        "dpkg-deb",
        "--root-owner-group",
        "-Zgzip",
        "-z1",
        "-b",
        tree.toString(),
        target.toString());
  }
}
