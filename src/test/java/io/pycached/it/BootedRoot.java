package io.pycached.it;

import static org.awaitility.Awaitility.await;

import io.pycached.testing.Pycached;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A machine of its own to install things on: this one's root, below an overlay in memory, booted by
 * systemd-nspawn(1). What is written there is gone with it. Belongs to one thread.
 */
final class BootedRoot implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH",
          "/usr/sbin:/usr/bin:/sbin:/bin",
          "LC_ALL",
          "C.UTF-8",
          "DEBIAN_FRONTEND",
          "noninteractive");

  /** What makes a root of this machine's, below {@code $1}. */
  private static final String MOUNT =
      """
      set -e
      mount -t tmpfs -o size=2g tmpfs "$1"
      mkdir "$1/upper" "$1/work" "$1/root"
      mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
      """;

  /** What this machine starts by itself, or keeps from starting, has no place in the other. */
  private static final String PREPARE =
      """
      cd "$1/root"
      rm -f etc/machine-id
      tr -d - < /proc/sys/kernel/random/uuid > etc/machine-id
      rm -f etc/systemd/system/multi-user.target.wants/*.service
      rm -f var/lib/man-db/auto-update usr/sbin/policy-rc.d
      """;

  private final Path top;
  private final Process nspawn;

  /** Its first process, as seen from here. */
  private OptionalLong leader = OptionalLong.empty();

  private BootedRoot(Path top, Process nspawn) {
    this.top = top;
    this.nspawn = nspawn;
  }

  /** {@return whether such a machine can run here; tried below an empty directory} */
  static boolean isPossible(Path empty) throws IOException, InterruptedException {
    return here("[ \"$(id -u)\" = 0 ] && command -v systemd-nspawn nsenter", empty).status() == 0
        && Pycached.run(
                    List.of("unshare", "-m", "sh", "-c", MOUNT, "sh", empty.toString()),
                    ENVIRONMENT,
                    new byte[0])
                .status()
            == 0;
  }

  /**
   * {@return a machine that is up, with its files below an empty directory}
   *
   * @param name of its own among those that run at the same time
   */
  static BootedRoot boot(Path top, String name) throws IOException, InterruptedException {
    require(here(MOUNT + PREPARE, top));
    ProcessBuilder builder =
        new ProcessBuilder(
            "systemd-nspawn",
            "--quiet",
            "--directory=" + top.resolve("root"),
            "--register=no",
            "--keep-unit",
            "--boot",
            "--console=pipe",
            "--machine=" + name,
            "--private-network");
    builder.redirectErrorStream(true);
    builder.redirectOutput(top.resolve("boot.log").toFile());
    BootedRoot machine = new BootedRoot(top, builder.start());
    try {
      machine.awaitUp();
      return machine;
    } catch (ConditionTimeoutException notUp) {
      machine.close();
      throw notUp;
    }
  }

  private void awaitUp() {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              leader = nspawn.children().mapToLong(ProcessHandle::pid).findFirst();
              return leader.isPresent();
            });
    // It says "degraded" of some that are good enough.
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                run("systemctl", "is-system-running", "--wait")
                    .out()
                    .matches("(running|degraded)\n"));
  }

  /** {@return the id of its first process} */
  long leader() {
    return leader.orElseThrow();
  }

  private static Pycached.Result here(String script, Path top)
      throws IOException, InterruptedException {
    return Pycached.run(
        List.of("sh", "-c", script, "sh", top.toString()), ENVIRONMENT, new byte[0]);
  }

  /** {@return where one of its files is seen from here} */
  Path path(String absolute) {
    return top.resolve("root").resolve(absolute.substring(1));
  }

  /** {@return what came of a command there} */
  Pycached.Result run(String... command) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "nsenter",
                "-t",
                Long.toString(leader.orElseThrow()),
                "-m",
                "-u",
                "-i",
                "-n",
                "-p",
                "-C",
                "--"));
    words.addAll(List.of(command));
    return Pycached.run(words, ENVIRONMENT, new byte[0]);
  }

  /** {@return what a command there printed, which must end well} */
  String output(String... command) throws IOException, InterruptedException {
    return require(run(command)).out().strip();
  }

  private static Pycached.Result require(Pycached.Result result) {
    if (result.status() != 0) {
      throw new IllegalStateException(result.toString());
    }
    return result;
  }

  /** Turns it off, and takes away all of it. */
  @Override
  public void close() throws IOException {
    try {
      if (leader.isPresent()) {
        run("systemctl", "poweroff");
      }
      if (leader.isEmpty() || !nspawn.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        // Its first process outlives nspawn, and takes the others with it.
        leader.stream()
            .mapToObj(ProcessHandle::of)
            .forEach(end -> end.ifPresent(ProcessHandle::destroyForcibly));
        nspawn.destroyForcibly().waitFor();
      }
      require(here("umount \"$1/root\" && umount \"$1\"", top));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
