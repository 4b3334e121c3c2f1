package io.pycached.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to the service manager: {@code systemd-notify}(1). For one thread at a time. */
final class ServiceManager {
  private static final Logger log = LoggerFactory.getLogger(ServiceManager.class);

  /** It waits 5 s at most for the service manager to have read the message. */
  private static final int PATIENCE_SECONDS = 10;

  /** What it says is a line. */
  private static final int MAX_WORDS = 1_000;

  private final String command;
  private boolean reachable = true;
  private boolean failing;

  /**
   * @param command {@code systemd-notify}, or where it is
   */
  ServiceManager(String command) {
    this.command = command;
  }

  /** Tells it {@code assignments}. If that fails, it is logged, once. */
  void tell(List<String> assignments) {
    if (!reachable || assignments.isEmpty()) {
      return;
    }
    List<String> words = new ArrayList<>(List.of(command, "--"));
    words.addAll(assignments);
    try {
      Process process =
          new ProcessBuilder(words).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      finish(process);
    } catch (IOException missing) {
      reachable = false;
      log.error(
          "the service manager is not told that this service is ready, nor anything else: {}",
          missing.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void finish(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      failed("it does not end");
    } else if (process.exitValue() != 0) {
      String said = new String(process.getErrorStream().readNBytes(MAX_WORDS), UTF_8);
      failed("status " + process.exitValue() + ": " + said.strip());
    } else {
      failing = false;
    }
  }

  private void failed(String why) {
    if (!failing) {
      failing = true;
      log.warn("{} could not tell the service manager: {}", command, why);
    }
  }
}
