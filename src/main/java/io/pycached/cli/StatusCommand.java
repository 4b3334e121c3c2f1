package io.pycached.cli;

import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code pycached status}: asks the daemon and prints its answer. Plain calls take the short way,
 * {@link FastStatus}.
 */
final class StatusCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Options.command("status", "Asks the daemon what it knows and does.")
        .addOption(Options.socket())
        .addOption(Options.output())
        .addOption(
            Options.text(
                "--check",
                "alive|ready",
                "Only ask whether it is alive, or surveyed everything once, for health checks;"
                    + " problems do not matter."));
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure {
    String socket = options.socketValue().orElse("");
    Optional<String> probe = options.value("--check");
    if (probe.isPresent()) {
      if (!FastStatus.PROBES.contains(probe.get())) {
        throw new CommandFailure(
            ExitStatus.USAGE, "--check: expected alive or ready, found " + probe.get());
      }
      return FastStatus.probe(socket, probe.get(), options.world());
    }
    boolean json = options.format() == Options.Output.JSON;
    return FastStatus.ask(socket, json, options.world());
  }
}
