package io.pycached.cli;

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
        .addOption(Options.output());
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure {
    boolean json = options.format() == Options.Output.JSON;
    return FastStatus.ask(options.socketValue().orElse(""), json, options.world());
  }
}
