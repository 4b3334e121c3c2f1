package io.pycached.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pycached.admin.AdminClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The packaged program as a daemon, in a process of its own.
 *
 * <p>Asked over its socket, so that asking costs no process.
 */
public final class PycachedDaemon implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration INTERVAL = Duration.ofMillis(25);

  /**
   * What is compiled with more care pays after minutes only. The launcher's flags alone are those
   * of the services and containers that other tests start.
   */
  private static final String BRIEF = "-XX:TieredStopAtLevel=1";

  private final Process process;
  private final Path socket;
  private final Path log;

  private PycachedDaemon(Process process, Path socket, Path log) {
    this.process = process;
    this.socket = socket;
    this.log = log;
  }

  /**
   * {@return a daemon that has begun to start}
   *
   * @param before words to put before the command; may be empty
   */
  static PycachedDaemon start(List<String> before, Path config, Path socket, Path log)
      throws IOException {
    return start(before, config, socket, log, "");
  }

  /** The same, with more flags for its JVM. */
  public static PycachedDaemon start(Path config, Path socket, Path log, String jvmFlags)
      throws IOException {
    return start(List.of(), config, socket, log, jvmFlags);
  }

  private static PycachedDaemon start(
      List<String> before, Path config, Path socket, Path log, String jvmFlags) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Pycached.distribution().resolve("bin/pycached").toString());
    command.addAll(List.of("run", "--config", config.toString()));
    Map<String, String> environment = new TreeMap<>(Pycached.bareEnvironment());
    environment.put("PYCACHED_JAVA_OPTS", BRIEF + " " + jvmFlags);
    return startBy(command, environment, Path.of("").toAbsolutePath(), socket, log);
  }

  /** {@return a daemon that a command has begun to start in a directory} */
  public static PycachedDaemon startBy(
      List<String> command,
      Map<String, String> environment,
      Path workingDirectory,
      Path socket,
      Path log)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(workingDirectory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new PycachedDaemon(builder.start(), socket, log);
  }

  /** Waits until everything has been surveyed once and the watches are in place. */
  public PycachedDaemon awaitReady() {
    await()
        .pollInterval(INTERVAL)
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(process.isAlive()).as("alive; its log: %s", log()).isTrue();
              assertThat(get("/readyz"))
                  .isInstanceOfSatisfying(
                      AdminClient.Response.class,
                      ready -> assertThat(ready.status()).isEqualTo(200));
            });
    return this;
  }

  /** Waits until its status meets the assertions. */
  public void awaitStatus(Consumer<JsonObject> assertions) {
    await()
        .pollInterval(INTERVAL)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertions.accept(status()));
  }

  public AdminClient.Reply get(String target) throws IOException {
    return AdminClient.get(socket, target, "application/json", PATIENCE);
  }

  /** {@return the answer's body} */
  public String body(String target) throws IOException {
    AdminClient.Reply reply = get(target);
    assertThat(reply).isInstanceOf(AdminClient.Response.class);
    return ((AdminClient.Response) reply).body();
  }

  public JsonObject status() throws IOException {
    return JsonParser.parseString(body("/v1/status")).getAsJsonObject();
  }

  /** {@return how many files its status counts in a state} */
  public long files(String state) throws IOException {
    return files(status(), state);
  }

  /** {@return how many files a document counts in a state} */
  public static long files(JsonObject document, String state) {
    return document.getAsJsonObject("totals").getAsJsonObject(state).get("files").getAsLong();
  }

  /** {@return the codes of the problems in its status} */
  public List<String> problems() throws IOException {
    return problems(status());
  }

  /** {@return the codes of the problems in a status} */
  public static List<String> problems(JsonObject status) {
    return status.getAsJsonArray("problems").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(problem -> problem.get("code").getAsString())
        .toList();
  }

  public long pid() {
    return process.pid();
  }

  /** {@return what it has logged} */
  public String log() throws IOException {
    return Files.readString(log);
  }

  /** Sends SIGHUP. */
  public void hangUp() throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("sh", "-c", "kill -HUP " + pid()).start();
    assertThat(kill.waitFor()).isZero();
  }

  /**
   * Sends SIGTERM.
   *
   * @return the exit status
   */
  public int terminate(Duration within) throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS))
        .as("ended within %s", within)
        .isTrue();
    return process.exitValue();
  }

  /** Sends SIGKILL, and waits for the end. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** {@return the exit status of a daemon that gives up by itself} */
  public int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** Ends it, if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("pid " + pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
