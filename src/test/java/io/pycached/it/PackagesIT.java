package io.pycached.it;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pycached.it.Claims.Runner;
import io.pycached.testing.Pycached;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final String ARCHIVE = "/usr/share/pycached/lib/pycached.jsa";

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
    try (BootedRoot root = BootedRoot.boot(empty, "pycached-packages")) {
      PackagedMachine machine = new PackagedMachine(root, deb().getFileName().toString());
      writeOlder(root.path("/opt/older.deb"));
      Files.copy(deb(), root.path("/opt/" + machine.deb()));
      machine.addUser();
      Set<String> before = machine.files();

      root.output("dpkg", "-i", "/opt/older.deb");
      String first = machine.assertRuns();
      assertThat(root.output("systemctl", "is-enabled", "pycached")).isEqualTo("enabled");
      assertThat(root.output("man", "-w", "8", "pycached")).endsWith("/pycached.8.gz");
      assertThat(root.path(ARCHIVE)).doesNotExist();

      Path shipped = root.path("/etc/pycached/pycached.toml");
      String edited = Files.readString(shipped) + "\n# Ours.\n";
      Files.writeString(shipped, edited);
      machine.administrate();
      String second = machine.assertRuns();
      assertThat(second).isNotEqualTo(first);
      machine.assertDropInsAreInForce();
      machine.assertCommandsKnowThePrefix();
      List<Block> blocks = Claims.of(Runner.PACKAGES);
      machine.follow(blocks.stream().filter(PackagedMachine::isForAUser).toList());
      String own = machine.assertRunsForItsUser();

      // It begins with an upgrade: what an administrator changed, stays.
      machine.follow(blocks.stream().filter(block -> !PackagedMachine.isForAUser(block)).toList());
      assertThat(Files.readString(shipped)).isEqualTo(edited);
      assertThat(root.path(PackagedMachine.LOCAL)).exists();
      assertThat(root.output("stat", "-c", "%U %a", ARCHIVE)).isEqualTo("root 444");
      assertThat(machine.assertRunsForItsUser()).isNotEqualTo(own);
      machine.assertBlocksDidWhatTheyAreFor();
      machine.assertCommandsKnowThePrefix();

      // Another build of Java came: the archive is made once more, here by something quicker.
      Path maker = root.path("/usr/share/pycached/bin/pycached-archive");
      Files.writeString(maker, "#!/bin/sh\nrm /usr/share/pycached/lib/pycached.jsa\n");
      root.output("dpkg-trigger", "--by-package=openjdk-17-jre-headless", "/usr/lib/jvm");
      root.output("dpkg", "--triggers-only", "--pending");
      assertThat(root.path(ARCHIVE)).doesNotExist();

      root.output("dpkg", "-r", "pycached");
      assertThat(root.run("pgrep", "-f", "pycached.jar").out()).isEmpty();
      assertThat(root.path("/usr/share/pycached")).doesNotExist();
      assertThat(root.path("/usr/bin/pycached")).doesNotExist();
      assertThat(root.run("test", "-e", "/run/pycached").status()).isEqualTo(1);
      assertThat(Files.readString(shipped)).isEqualTo(edited);
      assertThat(root.path("/var/cache/pycached/prefix")).exists();

      root.output("dpkg", "-P", "pycached");
      machine.tidy();
      Set<String> left = machine.files();
      left.removeAll(before);
      // The user's lines are written to a new file each, and the old one is kept.
      left.removeIf(name -> name.matches("/etc/(passwd|group|shadow|gshadow|subuid|subgid)-"));
      assertThat(left).isEmpty();
    }
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
