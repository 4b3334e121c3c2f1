package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.pycached.it.Claims.Runner;
import io.pycached.testing.Interpreter;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README shows is what happens. Its commands run in their order, in a copy of the example
 * tree; numbers, times and amounts of space may differ, and {@code …} stands for anything.
 */
final class ReadmeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What is asked again until it says what is shown: the daemon may not be there yet. */
  private static final Pattern QUESTION = Pattern.compile("pycached (status|check|events|why) ?.*");

  @TempDir Path directory;
  private Path checkout;
  private Path socket;
  private Map<String, String> environment = Map.of();
  private final List<String> state = new ArrayList<>();
  private int lastStatus;

  @BeforeEach
  void checkOut() throws Exception {
    Path top = directory.toRealPath();
    checkout = Files.createDirectory(top.resolve("checkout"));
    socket = top.resolve("s");
    Path example = checkout.resolve("src/test/example");
    Files.createDirectories(example.getParent());
    assertThat(
            Pycached.run(
                    List.of("cp", "-r", "src/test/example", example.toString()),
                    Pycached.bareEnvironment(),
                    new byte[0])
                .status())
        .isZero();
    Path programs = Files.createDirectory(top.resolve("bin"));
    Files.createSymbolicLink(programs.resolve("python3"), Interpreter.require("3.12"));
    environment = new TreeMap<>(Pycached.bareEnvironment());
    environment.put(
        "PATH",
        programs + ":" + Pycached.distribution().resolve("bin") + ":" + environment.get("PATH"));
    environment.put("PYCACHED_SOCKET", socket.toString());
  }

  @Test
  void tour_commands_printWhatIsShown() throws Exception {
    assumeThat(Files.isExecutable(Path.of("/usr/bin/curl"))).as("needs curl").isTrue();
    List<Step> steps = steps();
    assertThat(steps).hasSizeGreaterThan(20);
    try (PycachedDaemon daemon =
        PycachedDaemon.startBy(
            runCommand(), environment, checkout, socket, checkout.resolveSibling("log"))) {
      daemon.awaitReady();
      for (Step step : steps) {
        follow(step);
      }
    }
  }

  private void follow(Step step) throws Exception {
    if (step.command().equals("echo $?")) {
      assertThat(step.printed()).containsExactly(Integer.toString(lastStatus));
      return;
    }
    if (step.command().startsWith("cd ") || step.command().startsWith("export ")) {
      state.add(step.command());
      return;
    }
    if (QUESTION.matcher(step.command()).matches()) {
      await().atMost(PATIENCE).untilAsserted(() -> assertPrints(step));
    } else {
      assertPrints(step);
    }
  }

  private void assertPrints(Step step) throws Exception {
    List<String> script = new ArrayList<>(state);
    script.add(step.command());
    Pycached.Result result =
        Pycached.run(List.of("bash", "-c", String.join("\n", script)), environment, new byte[0]);
    lastStatus = result.status();
    step.assertPrintedBy(result);
  }

  /** The words of the first command after the build. */
  private List<String> runCommand() throws IOException {
    String run =
        Claims.of(Runner.README).stream()
            .filter(block -> !block.isSession())
            .map(Block::script)
            .findFirst()
            .orElseThrow();
    String command = here(run.substring(run.indexOf("&&") + 2).strip());
    return List.of(
        command
            .replace("target/pycached/bin/pycached", "pycached")
            .replace("pycached run", Pycached.distribution().resolve("bin/pycached") + " run")
            .split(" "));
  }

  private List<Step> steps() throws IOException {
    return Claims.of(Runner.README).stream()
        .filter(Block::isSession)
        .flatMap(block -> block.steps().stream())
        .map(step -> step.with(this::here))
        .toList();
  }

  /** What {@code text} says of one machine, said of this one. */
  private String here(String text) {
    return text.replace("/home/you/pycached", checkout.toString())
        .replace("/tmp/demo", checkout.resolveSibling("demo").toString())
        .replace("/run/pycached/admin.sock", socket.toString());
  }
}
