package io.pycached.cli;

import io.pycached.report.EnvReport;
import io.pycached.report.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code pycached env}: the lines that a shell evaluates to use the prefix. */
final class EnvCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Options.command(
            "env",
            "Prints the lines that a shell evaluates to use the prefix:"
                + " eval \"$(pycached env)\", or for fish: pycached env --shell fish | source.")
        .addOption(Options.prefix())
        .addOption(Options.config())
        .addOption(Options.output())
        .addOption(
            OptionSpec.builder("--shell")
                .paramLabel("SHELL")
                .type(String.class)
                .completionCandidates(List.of("sh", "fish"))
                .description("The shell's language: sh (default) or fish.")
                .build());
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Options.Output format = options.format();
    Shell shell = shell(options);
    World world = options.world();
    Path prefix = options.settings().prefix();
    boolean exists = Places.exists(prefix);
    if (!exists) {
      world
          .err()
          .println(
              "the prefix "
                  + Line.of(prefix)
                  + " does not exist yet: the first interpreter to import something makes it");
    }
    switch (format) {
      case JSON -> EnvReport.writeJson(world.out(), prefix, exists);
      case TEXT -> EnvReport.writeText(world.stdout(), prefix, shell);
    }
    return ExitStatus.OK;
  }

  private static Shell shell(Options options) throws CommandFailure {
    String name = options.value("--shell").orElse("sh");
    return switch (name) {
      case "sh" -> Shell.SH;
      case "fish" -> Shell.FISH;
      default ->
          throw new CommandFailure(ExitStatus.USAGE, "--shell: expected sh or fish, found " + name);
    };
  }
}
