package io.pycached.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/** The units under a service manager that has booted: one machine, one day in its life. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
final class SystemdIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SOCKET = "/run/pycached/admin.sock";
  private static final String UNITS = "/usr/lib/systemd/system/";
  private static final String DROP_INS = "/etc/systemd/system/pycached.service.d/";
  private static final String PREFIX = "/var/cache/pycached/prefix";

  private static final String PEOPLE =
      """
      set -e
      systemd-sysusers
      systemd-tmpfiles --create pycached.conf
      for user in deploy viewer stranger; do useradd -m -s /bin/sh "$user"; done
      usermod -aG pycached deploy
      usermod -aG pycached viewer
      chmod 755 /home/deploy
      chmod 700 /home/stranger
      mkdir -p /srv/shop/pkg /home/deploy/app /home/stranger/app /tmp/scratch
      for tree in /srv/shop /srv/shop/pkg /home/deploy/app /home/stranger/app /tmp/scratch; do
        echo 'x = 1' > "$tree/one.py"
        echo 'y = 2' > "$tree/two.py"
      done
      /usr/share/pycached/bin/pycached-archive
      systemctl daemon-reload
      """;

  private static final String CONFIG =
      """
      [admin]
      admins = ["deploy"]
      [limits]
      orphan-grace = "0s"
      [watch]
      debounce = "20ms"
      [[project]]
      path = "/srv/shop"
      warm = "all"
      [[project]]
      name = "home"
      path = "/home/deploy/app"
      warm = "all"
      [[project]]
      name = "private"
      path = "/home/stranger/app"
      warm = "all"
      [[project]]
      name = "scratch"
      path = "/tmp/scratch"
      warm = "all"
      """;

  private Path top;
  private BootedRoot machine;

  @BeforeAll
  void install() throws Exception {
    top = Files.createTempDirectory("pycached-systemd");
    assumeThat(BootedRoot.isPossible(top)).as("needs root, systemd-nspawn and namespaces").isTrue();
    machine = BootedRoot.boot(top, "pycached-systemd");
    Path program = Files.createDirectories(machine.path("/usr/share/pycached"));
    Path shipped = Pycached.distribution();
    run("cp -r " + shipped + "/bin " + shipped + "/lib " + program);
    Path systemd = shipped.resolve("systemd");
    run(
        "cd %s && cp *.service *.socket *.timer %s && cp user/* %s && cp sysusers.d/* %s && cp tmpfiles.d/* %s && ln -s ../share/pycached/bin/pycached %s"
            .formatted(
                systemd,
                machine.path(UNITS),
                machine.path("/usr/lib/systemd/user/"),
                machine.path("/usr/lib/sysusers.d/"),
                machine.path("/usr/lib/tmpfiles.d/"),
                machine.path("/usr/bin/pycached")));

    Files.createDirectories(machine.path("/etc/pycached"));
    configure(CONFIG);
    dropIn("quick.conf", "[Service]\nWatchdogSec=3\nTimeoutAbortSec=1\nRestartSec=100ms\n");
    machine.output("sh", "-c", PEOPLE);
  }

  @AfterAll
  void turnOff() throws IOException {
    if (machine != null) {
      machine.close();
    }
    if (top != null) {
      Files.deleteIfExists(top.resolve("boot.log"));
      Files.deleteIfExists(top);
    }
  }

  private static void run(String script) throws Exception {
    Pycached.Result result =
        Pycached.run(List.of("sh", "-c", script), Pycached.bareEnvironment(), new byte[0]);
    assertThat(result.status()).as("%s", result).isZero();
  }

  // The scenario.

  @Test
  @Order(1)
  void start_surveysFirstAndIsReadyThen() throws Exception {
    machine.output("systemctl", "start", "pycached.service");
    assertThat(show("ActiveState")).isEqualTo("active");
    assertThat(show("StatusText")).contains(": 4 projects, ");
    assertThat(status().get("last_survey").isJsonNull()).isFalse();
    assertThat(machine.output("stat", "-c", "%U:%G %a", "/run/pycached", SOCKET, PREFIX).lines())
        .containsExactly("pycached:pycached 750", "pycached:pycached 660", "pycached:pycached 755");
    awaitFresh("shop", 4);
    awaitFresh("home", 2);
    awaitFresh("scratch", 2);
    // A home with mode 0700 says nothing, and that proves nothing.
    assertThat(bytecode("/home/stranger/app")).isEmpty();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                show("StatusText")
                    .equals("degraded: 4 projects, 8 bytecode files; project-unreadable"));
  }

  @Test
  @Order(2)
  void sources_belowSrvHomeAndTmp_areCompiledAndPruned() throws Exception {
    for (String tree : List.of("/srv/shop", "/home/deploy/app", "/tmp/scratch")) {
      machine.output("sh", "-c", "rm %1$s/one.py; echo 'z = 3' > %1$s/three.py".formatted(tree));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(sources(tree)).containsExactly("three", "two"));
    }
  }

  @Test
  @Order(3)
  void request_ofAnAdmin_isServedAndOfOthersRefused() throws Exception {
    String status = "pycached status --socket " + SOCKET;
    for (String member : List.of("deploy", "viewer")) {
      assertThat(as(member, status).out()).startsWith("pycached ");
    }
    assertThat(as("stranger", status).status()).isEqualTo(4);
    String write =
        "curl -sS -o /dev/null -w '%{http_code}' --unix-socket "
            + SOCKET
            + " -H 'Content-Type: application/json' -H 'X-Pycached: 1' -d '{}' http://localhost/v1/prune";
    assertThat(as("deploy", write).out()).isEqualTo("200");
    assertThat(as("viewer", write).out()).isEqualTo("403");
    assertThat(as("stranger", write).status()).isNotZero();
    assertThat(as("stranger", "touch " + PREFIX + "/x").status()).isNotZero();
  }

  @Test
  @Order(4)
  void reload_brokenConfiguration_keepsTheOldOne() throws Exception {
    String pid = show("MainPID");
    configure(CONFIG + "[limits\n");
    machine.output("systemctl", "reload", "pycached.service");
    await().atMost(PATIENCE).until(() -> show("StatusText").contains("; config-invalid"));
    assertThat(show("ActiveState")).isEqualTo("active");
    assertThat(show("StatusText")).startsWith("degraded: 4 projects");
    configure(CONFIG.replace("/tmp/scratch", "/tmp"));
    machine.output("systemctl", "reload", "pycached.service");
    await().atMost(PATIENCE).until(() -> !show("StatusText").contains("config-invalid"));
    configure(CONFIG);
    machine.output("systemctl", "reload", "pycached.service");
    assertThat(show("MainPID")).isEqualTo(pid);
    // Each command of the unit is handed the socket, too, and made it block for everybody.
    assertThat(status().get("pid").getAsString()).isEqualTo(pid);
    assertThat(status().get("state").getAsString()).isEqualTo("degraded");
    assertThat(journal()).contains("pycached.toml:", "reloaded: 4 projects");
  }

  @Test
  @Order(5)
  void watchdog_reconcilerThatHangs_isKilledAndStartedAgain() throws Exception {
    assumeThat(Files.isWritable(Path.of("/dev/fuse"))).as("needs /dev/fuse").isTrue();
    // It has lived for longer than the watchdog lets the silent live.
    assertThat(show("NRestarts")).isEqualTo("0");
    String pid = show("MainPID");
    try (Hang hang = Hang.at(machine.leader(), "/srv/shop/pkg")) {
      machine.output(
          "sh",
          "-c",
          "curl -sS -m 1 --unix-socket "
              + SOCKET
              + " -H 'Content-Type: application/json' -H 'X-Pycached: 1' -d '{\"full\":true}'"
              + " http://localhost/v1/reconcile || true");
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(show("NRestarts")).as("%s", journal()).isEqualTo("1"));
      assertThat(hang.isThere()).isTrue();
    }
    await().atMost(PATIENCE).until(() -> show("ActiveState").equals("active"));
    assertThat(show("MainPID")).isNotEqualTo(pid);
    assertThat(journal())
        .contains(
            "the reconciler does not get on",
            // What SIGQUIT has Java tell: who waits where.
            "Full thread dump",
            "io.pycached.reconcile.Sweep.run",
            "Failed with result 'watchdog'");
    awaitFresh("shop", 4);
  }

  @Test
  @Order(6)
  void privateHomes_areReadWithTheDropInOnly() throws Exception {
    assertThat(bytecode("/home/stranger/app")).isEmpty();
    dropIn(
        "private-homes.conf",
        Files.readString(
            Pycached.distribution().resolve("systemd/pycached.service.d/private-homes.conf")));
    machine.output("systemctl", "daemon-reload");
    machine.output("systemctl", "restart", "pycached.service");
    await().atMost(PATIENCE).until(() -> bytecode("/home/stranger/app").size() == 2);
    awaitFresh("private", 2);
    assertThat(
            machine
                .run(
                    "setpriv",
                    "--reuid",
                    "pycached",
                    "--clear-groups",
                    "cat",
                    "/home/stranger/app/one.py")
                .status())
        .isNotZero();
  }

  @Test
  @Order(7)
  void sigterm_duringTheFirstSurvey_endsSoonAndLosesNothing() throws Exception {
    machine.output(
        "python3",
        "-c",
        """
        import os
        for i in range(20000):
            os.makedirs('/srv/big/%d/%d' % (i % 100, i))
            open('/srv/big/%d/%d/m.py' % (i % 100, i), 'w').close()
        """);
    configure(CONFIG + "[[project]]\npath = \"/srv/big\"\nwarm = \"none\"\n");
    List<String> before = bytecode("/");
    machine.output("systemctl", "restart", "--no-block", "pycached.service");
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(() -> status().get("state").getAsString().equals("starting"));
    assertThat(show("ActiveState")).isEqualTo("activating");
    long start = System.nanoTime();
    machine.output("systemctl", "stop", "pycached.service");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(show("Result")).isEqualTo("success");
    assertThat(bytecode("/")).isNotEmpty().isEqualTo(before);
    // The socket is still there: who asks now starts the daemon.
    assertThat(machine.run("pycached", "status").out()).startsWith("pycached ");
    await().atMost(PATIENCE).until(() -> show("ActiveState").equals("active"));
    assertThat(show("StatusText")).startsWith("ready: 5 projects");
  }

  @Test
  @Order(8)
  void maintenance_withoutADaemon_makesAndPrunes() throws Exception {
    machine.output("systemctl", "stop", "pycached.service", "pycached.socket");
    assertThat(machine.run("test", "-e", SOCKET).status()).isNotZero();
    machine.output("sh", "-c", "rm /srv/shop/two.py; echo 'w = 4' > /srv/shop/four.py");
    machine.output("systemctl", "start", "pycached-maintain.service");
    assertThat(sources("/srv/shop")).containsExactly("four", "three");
    machine.output("systemctl", "start", "pycached-maintain.timer");
    assertThat(machine.output("systemctl", "list-timers", "--no-pager"))
        .contains("pycached-maintain");
  }

  @Test
  @Order(9)
  void removal_leavesNoProcess() throws Exception {
    machine.output("systemctl", "start", "pycached.service");
    machine.output(
        "systemctl", "stop", "pycached.service", "pycached.socket", "pycached-maintain.timer");
    assertThat(machine.run("pgrep", "-u", "pycached").out()).isEmpty();
    assertThat(machine.output("systemctl", "list-units", "--failed", "--no-legend", "pycached*"))
        .isEmpty();
    assertThat(journal()).doesNotContain("NullPointerException", "this is a defect");
  }

  // What it takes.

  /** A file system that does not answer, for as long as this is open. */
  private record Hang(Process process) implements AutoCloseable {
    static Hang at(long leader, String directory) throws IOException {
      try (InputStream script =
          Objects.requireNonNull(SystemdIT.class.getResourceAsStream("hang.py"))) {
        Process process =
            new ProcessBuilder(
                    "python3",
                    "-c",
                    new String(script.readAllBytes(), UTF_8),
                    Long.toString(leader),
                    directory)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader();
        assertThat(out.readLine()).isEqualTo("mounted");
        return new Hang(process);
      }
    }

    boolean isThere() {
      return process.isAlive();
    }

    @Override
    public void close() throws IOException {
      try (OutputStream end = process.getOutputStream()) {
        end.flush();
      }
      try {
        assertThat(process.waitFor()).isZero();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void configure(String toml) throws IOException {
    Files.writeString(machine.path("/etc/pycached/pycached.toml"), toml);
  }

  private void dropIn(String name, String text) throws IOException {
    Path directory = Files.createDirectories(machine.path(DROP_INS));
    Files.writeString(directory.resolve(name), text);
  }

  private String show(String property) throws Exception {
    return machine.output("systemctl", "show", "--value", "-p", property, "pycached.service");
  }

  private String journal() throws Exception {
    return machine.output("journalctl", "--no-pager", "-o", "cat", "-u", "pycached.service");
  }

  private JsonObject status() throws Exception {
    return machine.run("pycached", "status", "-o", "json").json();
  }

  private Pycached.Result as(String user, String command) throws Exception {
    return machine.run("su", "-", user, "-c", command);
  }

  /** The names of the bytecode files in the mirror of a directory and below. */
  private List<String> bytecode(String directory) throws Exception {
    Pycached.Result found =
        machine.run("find", PREFIX + directory, "-name", "*.pyc", "-printf", "%f\\n");
    return found.out().lines().sorted().toList();
  }

  /** The modules that have bytecode in the mirror of a directory itself. */
  private List<String> sources(String directory) throws Exception {
    Pycached.Result found =
        machine.run(
            "find", PREFIX + directory, "-maxdepth", "1", "-name", "*.pyc", "-printf", "%f\\n");
    return found.out().lines().map(name -> name.substring(0, name.indexOf('.'))).sorted().toList();
  }

  private void awaitFresh(String project, long files) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(
                        status().getAsJsonArray("projects").asList().stream()
                            .map(JsonElement::getAsJsonObject)
                            .filter(each -> each.get("name").getAsString().equals(project))
                            .map(each -> PycachedDaemon.files(each, "fresh")))
                    .containsExactly(files));
  }
}
