package io.pycached.it;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.pycached.testing.Pycached;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A booted machine to install the package on, with an administrator and a user who do what its
 * documents say.
 *
 * @param deb the name of the package, which is in /opt
 */
record PackagedMachine(BootedRoot root, String deb) {
  static final String LOCAL = "/etc/pycached/conf.d/local.toml";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PREFIX = "/var/cache/pycached/prefix";
  private static final String PREFIX_OF_USER = "/home/deploy/.cache/pycached/prefix";
  private static final String READY = "\npycached_ready 1.0\n";

  /** What belongs to no package is not in it: directories that many make and use. */
  private static final String FILES =
      "find /etc /usr /var/cache /var/lib /var/log /run /opt -xdev"
          + " ! -path '/var/lib/dpkg/*' ! -path '/var/log/journal/*' ! -path '/run/systemd/*'"
          + " ! -path '/run/udev/*' ! -path '/run/log/*' ! -path '/run/dpkg*'"
          + " ! -path '/run/user/*'";

  /** One whose services run without a login, in a home that nobody else may enter. */
  private static final String ADD_USER =
      """
      set -e
      useradd -m -s /bin/sh deploy
      loginctl enable-linger deploy
      cd ~deploy
      mkdir -p app .config/pycached
      echo 'x = 1' > app/one.py
      echo '[[project]]\npath = "/home/deploy/app"\nwarm = "all"' > .config/pycached/pycached.toml
      chown -R deploy: .
      chmod 700 .
      """;

  /** As the drop-ins say of themselves. The address is taken while the archive is made, too. */
  private static final String ADMINISTRATE =
      """
      set -e
      mkdir -p /srv/shop /var/lib/prometheus/node-exporter
      echo 'x = 1' > /srv/shop/one.py
      echo 'y = 2' > /srv/shop/two.py
      cat > /etc/pycached/conf.d/local.toml <<end
      [admin]
      listen = "127.0.0.1:7331"
      [[project]]
      path = "/srv/shop"
      warm = "all"
      end
      cd /usr/share/doc/pycached/examples/systemd
      mkdir -p /etc/systemd/system/pycached.service.d /etc/systemd/system.conf.d /etc/environment.d
      cp pycached.service.d/loopback-metrics.conf /etc/systemd/system/pycached.service.d/
      cp system.conf.d/60-pycached.conf /etc/systemd/system.conf.d/
      cp environment.d/60-pycached.conf /etc/environment.d/
      systemctl daemon-reexec
      systemctl --user -M deploy@ daemon-reload
      systemctl restart pycached
      """;

  private static final String TIDY =
      """
      set -e
      rm -r /etc/systemd/system/pycached.service.d /etc/systemd/system.conf.d /var/lib/prometheus
      rm /etc/environment.d/60-pycached.conf
      """;

  /** A service that says where Python would look for its bytecode. */
  private static final String ASK_PYTHON =
      "systemd-run --quiet --wait --pipe %s"
          + " python3 -S -B -c 'import sys; print(sys.pycache_prefix)'";

  void addUser() throws IOException, InterruptedException {
    shell(ADD_USER);
  }

  void administrate() throws IOException, InterruptedException {
    shell(ADMINISTRATE);
  }

  void tidy() throws IOException, InterruptedException {
    shell(TIDY);
  }

  private String shell(String script) throws IOException, InterruptedException {
    return root.output("sh", "-c", script);
  }

  /** {@return all files that a package could have left} */
  Set<String> files() throws IOException, InterruptedException {
    return shell(FILES).lines().collect(toCollection(TreeSet::new));
  }

  /** {@return the daemon's process id, once all is well with it} */
  String assertRuns() throws IOException, InterruptedException {
    assertThat(root.run("systemctl", "is-active", "pycached").out())
        .as(this::log)
        .isEqualTo("active\n");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Pycached.Result status = root.run("pycached", "status");
              assertThat(status.status()).as("%s %s", status, log()).isZero();
              assertThat(status.out()).contains(", ready since ", PREFIX);
            });
    return root.output("systemctl", "show", "--value", "--property=MainPID", "pycached");
  }

  /** {@return the process id of the user's own daemon, which is ready} */
  String assertRunsForItsUser() throws IOException, InterruptedException {
    JsonObject status = root.run("su", "-", "deploy", "-c", "pycached status -o json").json();
    assertThat(status.get("prefix").getAsString()).isEqualTo(PREFIX_OF_USER);
    assertThat(status.get("state").getAsString()).isEqualTo("ready");
    assertThat(status.getAsJsonArray("projects")).hasSize(1);
    return status.get("pid").getAsString();
  }

  /** What each drop-in is for. */
  void assertDropInsAreInForce() throws IOException, InterruptedException {
    assertThat(root.output("curl", "-sS", "http://127.0.0.1:7331/metrics")).contains(READY);
    assertThat(shell(ASK_PYTHON.formatted(""))).isEqualTo(PREFIX);
    assertThat(shell(ASK_PYTHON.formatted("--user -M deploy@"))).isEqualTo(PREFIX_OF_USER);
  }

  /** Whether {@code block} is for a user's own service manager, and typed by the user. */
  static boolean isForAUser(Block block) {
    return block.script().contains("systemctl --user");
  }

  /** Types all lines of {@code blocks}; each must end well, and print what is shown. */
  void follow(List<Block> blocks) throws IOException, InterruptedException {
    for (Block block : blocks) {
      if (block.isSession()) {
        for (Step step : block.steps()) {
          follow(step);
        }
      } else {
        root.output(
            "su", "-", isForAUser(block) ? "deploy" : "root", "-c", "set -e\n" + block.script());
      }
    }
  }

  private void follow(Step step) throws IOException, InterruptedException {
    String command = step.command().replaceAll("pycached_[^ ]*_all[.]deb", deb);
    Pycached.Result result = root.run("sh", "-c", "cd /opt\n" + command);
    assertThat(result.status()).as("%s: %s %s", command, result, log()).isZero();
    step.assertPrintedBy(result);
  }

  /** A shell of root's has no variable that names the prefix. */
  void assertCommandsKnowThePrefix() throws IOException, InterruptedException {
    assertThat(root.output("pycached", "check")).contains("prefix " + PREFIX + ", surveyed ");
    Pycached.Result prune = root.run("pycached", "prune");
    assertThat(prune.status()).as("%s", prune).isZero();
    assertThat(prune.out()).startsWith("deleted 0 files");
    assertThat(prune.err()).isEmpty();
  }

  /** After the last block: the timer has come in the daemon's place. */
  void assertBlocksDidWhatTheyAreFor() throws IOException, InterruptedException {
    assertThat(root.path("/var/lib/prometheus/node-exporter/pycached.prom"))
        .content()
        .contains(READY);
    assertThat(root.run("systemctl", "is-active", "pycached", "pycached-maintain.timer").out())
        .isEqualTo("inactive\nactive\n");
  }

  private String log() {
    try {
      return root.run("journalctl", "--no-pager", "-n", "20", "-u", "pycached").out();
    } catch (IOException | InterruptedException none) {
      return none.toString();
    }
  }
}
