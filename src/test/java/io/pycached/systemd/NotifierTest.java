package io.pycached.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class NotifierTest {
  private static final Surroundings WATCHED =
      new Surroundings(true, true, Optional.of(Duration.ofMillis(400)));

  @TempDir Path directory;
  private final FakeService service = new FakeService();

  /** A message is a line, its assignments are between bars. */
  private Path script(String end) throws IOException {
    Path script = directory.resolve("systemd-notify");
    Files.writeString(
        script,
        "#!/bin/sh\nline=\nshift\nfor word; do line=\"$line|$word\"; done\n"
            + "echo \"$line|\" >> '%s'\n%s\n".formatted(told(), end));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  private Path told() {
    return directory.resolve("told");
  }

  private List<String> lines() throws IOException {
    return Files.exists(told()) ? Files.readAllLines(told()) : List.of();
  }

  private Notifier start(Path command) {
    return Notifier.start(
        WATCHED, service, new ServiceManager(command.toString()), System::nanoTime);
  }

  @Test
  void lifecycle_isToldInOrder() throws IOException {
    Notifier notifier = start(script("exit 0"));
    await().until(() -> lines().size() >= 1);
    service.ready = true;
    service.line = "ready";
    await().until(() -> lines().contains("|READY=1|STATUS=ready|WATCHDOG=1|"));
    AtomicInteger reloads = new AtomicInteger();
    notifier.reloading(reloads::incrementAndGet);
    assertThat(reloads).hasValue(1);
    service.line = "stopping";
    notifier.stopping();
    notifier.stopping();
    notifier.close();
    List<String> lines = lines();
    assertThat(lines.get(0)).isEqualTo("|STATUS=starting|WATCHDOG=1|EXTEND_TIMEOUT_USEC=400000|");
    assertThat(lines)
        .filteredOn(line -> line.startsWith("|RELOADING=1|MONOTONIC_USEC="))
        .hasSize(1);
    int reloading =
        lines.indexOf(lines.stream().filter(l -> l.contains("RELOADING")).findAny().get());
    assertThat(lines.get(reloading + 1)).startsWith("|READY=1|");
    assertThat(lines).last().isEqualTo("|STOPPING=1|STATUS=stopping|");
    assertThat(lines).filteredOn(line -> line.contains("STOPPING")).hasSize(1);
  }

  @Test
  void getsOn_isToldAgainAndAgain() throws IOException {
    service.ready = true;
    Notifier notifier = start(script("exit 0"));
    try {
      await().until(() -> lines().size() >= 4);
      assertThat(lines()).allMatch(line -> line.endsWith("|WATCHDOG=1|"));
      service.silence = Duration.ofDays(9);
      await().during(Duration.ofMillis(800)).until(() -> lines().size() < 50);
      int silent = lines().size();
      await().during(Duration.ofMillis(800)).until(() -> lines().size() == silent);
    } finally {
      notifier.close();
    }
  }

  @Test
  void commandThatIsNotThere_isGivenUpOnAndNothingElse() {
    Notifier notifier = start(directory.resolve("none"));
    AtomicInteger reloads = new AtomicInteger();
    notifier.reloading(reloads::incrementAndGet);
    notifier.stopping();
    assertThat(reloads).hasValue(1);
  }

  @Test
  void commandThatFails_isTriedAgain() throws IOException {
    service.ready = true;
    Notifier notifier = start(script("echo no >&2; exit 1"));
    try {
      await().until(() -> lines().size() >= 3);
    } finally {
      notifier.close();
    }
  }

  @Test
  void notNotified_tellsNobody() throws IOException {
    Surroundings shell = new Surroundings(false, false, Optional.empty());
    Notifier notifier =
        Notifier.start(
            shell, service, new ServiceManager(script("exit 0").toString()), System::nanoTime);
    AtomicInteger reloads = new AtomicInteger();
    notifier.reloading(reloads::incrementAndGet);
    notifier.stopping();
    notifier.close();
    assertThat(reloads).hasValue(1);
    assertThat(lines()).isEmpty();
  }
}
