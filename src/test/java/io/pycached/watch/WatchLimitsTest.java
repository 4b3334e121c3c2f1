package io.pycached.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can suffer: limits, stops, missing permissions. */
@Timeout(60)
final class WatchLimitsTest {
  /** Root inside: it may set its own limits. */
  private static final List<String> AS_ROOT = List.of("unshare", "-Ur");

  /** Nobody inside: permissions bind it, even where the tests run as root. */
  private static final List<String> AS_NOBODY = List.of("unshare", "-U");

  private @TempDir Path top;
  private Path root;

  @BeforeEach
  void layOut() throws IOException {
    root = Files.createDirectory(top.toRealPath().resolve("root"));
  }

  @Test
  void watchesExhaustedAtStart_pollsAndTellsOnce_untilTheLimitIsRaised() throws Exception {
    assumeTrue(WatchProcess.allows(AS_ROOT), "unshare -Ur is refused");
    makeDirectories(60);
    try (WatchProcess watch =
        WatchProcess.start(root, AS_ROOT, "echo 30 > /proc/sys/user/max_inotify_watches;")) {
      heard(watch, "armed");
      assertThat(watch.lines())
          .contains("tree " + root + " STARTED")
          .contains(
              "degraded WATCHES inotify watches exhausted: limit 30 (user.max_inotify_watches);"
                  + " raise it: sysctl user.max_inotify_watches=524288; "
                  + root
                  + " is surveyed every 0 s");
      watch.command("status");
      heard(watch, "status POLLING 30 0 0 0");
      // Long enough for tries at full watches, all of which fail.
      until(() -> assertThat(polls(watch)).isGreaterThan(5));
      assertThat(watch.lines()).filteredOn(l -> l.startsWith("degraded")).hasSize(1);
      watch.command("set user/max_inotify_watches 5000");
      heard(watch, "restored");
      watch.command("status");
      heard(watch, "status EVENTS 61 0 0 0");
      watch.forget();
      for (int i = 0; i < 60; i++) {
        Files.writeString(root.resolve("d" + i + "/x.py"), "1");
      }
      for (int i = 0; i < 60; i++) {
        heard(watch, "dirty " + root.resolve("d" + i));
      }
      assertThat(watch.end()).contains("left 0");
    }
  }

  @Test
  void watchesExhaustedLater_keepsWhatItHolds() throws Exception {
    assumeTrue(WatchProcess.allows(AS_ROOT), "unshare -Ur is refused");
    Path held = Files.createDirectory(root.resolve("held"));
    try (WatchProcess watch =
        WatchProcess.start(root, AS_ROOT, "echo 30 > /proc/sys/user/max_inotify_watches;")) {
      heard(watch, "armed");
      assertThat(watch.lines()).noneMatch(l -> l.startsWith("degraded"));
      makeDirectories(60);
      until(() -> assertThat(watch.lines()).anyMatch(l -> l.startsWith("degraded WATCHES")));
      until(() -> assertThat(polls(watch)).isPositive());
      Files.writeString(held.resolve("x.py"), "1");
      heard(watch, "dirty " + held);
      assertThat(watch.lines()).filteredOn(l -> l.startsWith("degraded")).hasSize(1);
    }
  }

  @Test
  void instancesExhausted_polls() throws Exception {
    assumeTrue(WatchProcess.allows(AS_ROOT), "unshare -Ur is refused");
    try (WatchProcess watch =
        WatchProcess.start(root, AS_ROOT, "echo 0 > /proc/sys/user/max_inotify_instances;")) {
      heard(watch, "armed");
      assertThat(watch.lines())
          .anyMatch(
              l ->
                  l.startsWith("degraded INSTANCES")
                      && l.contains("limit 0 (user.max_inotify_instances)"));
      until(() -> assertThat(polls(watch)).isPositive());
      watch.command("set user/max_inotify_instances 5");
      heard(watch, "restored");
      assertThat(watch.end()).contains("left 0");
    }
  }

  @Test
  void stoppedProcess_whoseKernelQueueOverflowed_isRepairedOnce() throws Exception {
    Path limit = Path.of("/proc/sys/fs/inotify/max_queued_events");
    int queue = Integer.parseInt(Files.readAllLines(limit).get(0));
    makeDirectories(100);
    for (int i = 0; i < 100; i++) {
      Files.createFile(root.resolve("d" + i + "/m0.py"));
    }
    try (WatchProcess watch = WatchProcess.start(root, List.of("env"), "")) {
      heard(watch, "armed");
      watch.signal("STOP");
      // A renaming is two events that the kernel cannot merge; no directory has 512 of them.
      for (int i = 0; i < queue / 2 + 1_000; i++) {
        Path directory = root.resolve("d" + i % 100);
        int generation = i / 100;
        Files.move(
            directory.resolve("m" + generation + ".py"),
            directory.resolve("m" + (generation + 1) + ".py"),
            StandardCopyOption.ATOMIC_MOVE);
      }
      Path unseen = Files.createDirectory(root.resolve("d99/unseen"));
      watch.signal("CONT");
      heard(watch, "tree " + root + " LOST_EVENTS");
      watch.command("status");
      heard(watch, "status EVENTS 102 1 1 0");
      watch.forget();
      Files.writeString(unseen.resolve("x.py"), "1");
      heard(watch, "dirty " + unseen);
      assertThat(watch.lines()).noneMatch(l -> l.contains("LOST_EVENTS"));
      assertThat(watch.end()).contains("left 0");
    }
  }

  @Test
  void unreadableDirectory_isWatchedOnceItCanBeRead() throws Exception {
    assumeTrue(WatchProcess.allows(AS_NOBODY), "unshare -U is refused");
    Path closed = Files.createDirectories(root.resolve("closed/sub"));
    Path secret = root.resolve("closed");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    try (WatchProcess watch = WatchProcess.start(root, AS_NOBODY, "")) {
      heard(watch, "armed");
      watch.command("status");
      heard(watch, "status EVENTS 1 0 0 1");
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rwxr-xr-x"));
      heard(watch, "tree " + root + " READABLE");
      watch.command("status");
      heard(watch, "status EVENTS 3 0 0 0");
      Files.writeString(closed.resolve("x.py"), "1");
      heard(watch, "dirty " + closed);
    } finally {
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private void makeDirectories(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Files.createDirectory(root.resolve("d" + i));
    }
  }

  private long polls(WatchProcess watch) {
    return watch.lines().stream().filter(("tree " + root + " POLL")::equals).count();
  }

  private static void heard(WatchProcess watch, String line) {
    until(() -> assertThat(watch.lines()).contains(line));
  }

  private static void until(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(assertion);
  }
}
