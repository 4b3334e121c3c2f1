package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pycached.testing.Interpreter;
import io.pycached.testing.Pycached;
import io.pycached.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * podman(1) with a storage of its own, under the name of docker, too: what a user types runs as it
 * is typed. Belongs to one thread.
 *
 * <p>It has no registry. In the place of a Python image stands one that holds nothing but mount
 * points: {@code /usr} and an interpreter of this machine are mounted into its containers.
 */
final class Podman implements AutoCloseable {
  /**
   * What works where podman itself is in a container: no systemd, no network, limits that need not
   * be raised.
   */
  private static final String CONTAINERS_CONF =
      """
      [containers]
      default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
      netns = "none"
      volumes = [%s]
      [engine]
      cgroup_manager = "cgroupfs"
      events_logger = "file"
      runtime = "runc"
      tmp_dir = "%s"
      """;

  private static final List<String> MOUNT_POINTS =
      List.of("usr", "etc", "proc", "sys", "dev", "run", "srv", "opt", "var/cache");

  private final Path top;
  private final Map<String, String> environment;

  private Podman(Path top, Map<String, String> environment) {
    this.top = top;
    this.environment = environment;
  }

  /** {@return podman at work in {@code top}; where it cannot run at all, the test is skipped} */
  static Podman in(Path top) throws IOException, InterruptedException {
    assumeThat(Files.getAttribute(top, "unix:uid")).as("needs root").isEqualTo(0);
    for (String tool : List.of("podman", "runc")) {
      assumeThat(found(tool)).as("needs " + tool).isNotEmpty();
    }
    Path bin = Files.createDirectories(top.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("docker"), Path.of(found("podman")));
    // Short names: podman waits 20 seconds for a container whose sockets have too long a path.
    Files.writeString(
        top.resolve("storage.conf"),
        "[storage]\ndriver = \"vfs\"\ngraphroot = \"%s\"\nrunroot = \"%s\"\n"
            .formatted(top.resolve("g"), top.resolve("r")));
    Map<String, String> environment = new TreeMap<>(Pycached.bareEnvironment());
    environment.put("PATH", bin + ":" + environment.get("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("CONTAINERS_STORAGE_CONF", top.resolve("storage.conf").toString());
    environment.put("BUILDAH_ISOLATION", "chroot");
    // As Docker's images, and unlike podman's own, these have health checks.
    environment.put("BUILDAH_FORMAT", "docker");
    environment.put("TMPDIR", Files.createDirectories(top.resolve("tmp")).toString());
    Podman podman = new Podman(top, environment);
    podman.mounting(List.of());
    Pycached.Result info = podman.command("podman", "info");
    assumeThat(info.status()).as("needs a podman that runs: " + info.err()).isZero();
    return podman;
  }

  private static String found(String tool) {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path file = Path.of(directory, tool);
      if (Files.isExecutable(file)) {
        return file.toString();
      }
    }
    return "";
  }

  /** Has all containers and builds from now on mount these, each {@code FROM:TO:ro}. */
  private void mounting(List<String> volumes) throws IOException {
    List<String> quoted = volumes.stream().map(each -> "\"" + each + "\"").toList();
    Path conf =
        Files.writeString(
            top.resolve("containers.conf"),
            CONTAINERS_CONF.formatted(String.join(", ", quoted), top.resolve("l")));
    environment.put("CONTAINERS_CONF", conf.toString());
  }

  /** Makes the images {@code python:VERSION-slim}. */
  void standForPython(String... versions) throws IOException, InterruptedException {
    Path base = Files.createDirectories(top.resolve("base"));
    for (String directory : MOUNT_POINTS) {
      Files.createDirectories(base.resolve(directory));
    }
    for (String link : List.of("bin", "lib", "lib64", "sbin")) {
      Files.createSymbolicLink(base.resolve(link), Path.of("usr", link));
    }
    Path file =
        Files.writeString(
            top.resolve("base.Containerfile"),
            "FROM scratch\nCOPY . /\nENV PATH=/usr/local/bin:/usr/bin\n");
    List<String> command = new ArrayList<>(List.of("podman", "build", "-q"));
    for (String version : versions) {
      command.addAll(List.of("-t", "python:" + version + "-slim"));
    }
    command.addAll(List.of("-f", file.toString(), base.toString()));
    run(command.toArray(new String[0]));
  }

  /** {@return what a container of {@code python:VERSION-slim} has to mount} */
  static List<String> python(String version) throws IOException {
    Path bin = Objects.requireNonNull(Interpreter.require(version).toRealPath().getParent());
    Path home = Objects.requireNonNull(bin.getParent());
    // It finds its library where it was installed.
    return List.of("/usr:/usr:ro", home + ":/usr/local:ro", home + ":" + home + ":ro");
  }

  /** {@return what the shell makes of commands, which may use a Python image of this version} */
  String shell(String commands, Path directory, String version)
      throws IOException, InterruptedException {
    mounting(python(version));
    try {
      return shell(commands, directory);
    } finally {
      mounting(List.of());
    }
  }

  /** {@return what the shell makes of commands; all must succeed} */
  String shell(String commands, Path directory) throws IOException, InterruptedException {
    return run("sh", "-ec", "cd \"$1\"\n" + commands, "sh", directory.toString());
  }

  /** {@return the output of a command that must succeed, without white space around it} */
  String run(String... words) throws IOException, InterruptedException {
    Pycached.Result result = command(words);
    assertThat(result.status()).as("%s: %s", List.of(words), result.err()).isZero();
    return result.out().strip();
  }

  /** {@return what came of any command} */
  Pycached.Result command(String... words) throws IOException, InterruptedException {
    return Pycached.run(List.of(words), environment, new byte[0]);
  }

  /** {@return where a volume is on this machine} */
  Path volume(String name) throws IOException, InterruptedException {
    return Path.of(run("podman", "volume", "inspect", name, "--format", "{{.Mountpoint}}"));
  }

  /** Runs podman once more, even if this thread has been interrupted. */
  void end(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("podman"));
    command.addAll(List.of(words));
    boolean interrupted = Thread.interrupted();
    try {
      command(command.toArray(new String[0]));
    } catch (InterruptedException again) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends and removes all containers of this storage, and the storage. */
  @Override
  public void close() throws IOException {
    end("rm", "--all", "--force", "--time", "0");
    end("volume", "rm", "--all", "--force");
    end("rmi", "--all", "--force");
    Site.deleteTree(top);
  }
}
