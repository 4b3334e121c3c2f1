package io.pycached.cli;

import io.pycached.compile.Interpreters;
import io.pycached.config.Settings;
import io.pycached.daemon.Assembly;
import io.pycached.daemon.KnownFile;
import io.pycached.daemon.Trusting;
import io.pycached.daemon.Warming;
import io.pycached.reconcile.Inquiry;
import io.pycached.report.WhyReport;
import io.pycached.survey.BodyCheck;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pycached why}: the verdict on one file, the evidence for it, and what the plan says. */
final class WhyCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Options.command(
            "why",
            "Explains the verdict on one bytecode file, or on all that were made from one source.")
        .addOption(Options.prefix())
        .addOption(Options.config())
        .addOption(Options.output())
        .addPositional(Options.positional("PATH", "1", "A source, or a file in the prefix."))
        .addPositional(
            Options.furtherPositional(
                "DIR", "Source trees that count as projects (default: the configured projects)."));
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Options.Output format = options.format();
    Settings settings = options.settingsForDirectories();
    World world = options.world();
    Places.exists(settings.prefix());
    Path path = options.path(options.positionals().get(0)).normalize();
    List<Inquiry.Answer> answers;
    try (Warming warming =
        Warming.of(
            settings.prefix(),
            Trusting.access(settings.trust()),
            new Interpreters(InterpreterSearch.of(world, settings.interpreters())),
            1,
            false,
            world.clock())) {
      Optional<Warming> asDaemon = Optional.of(warming);
      answers =
          Assembly.of(
                  settings,
                  BodyCheck.ALWAYS,
                  world.clock(),
                  KnownFile.read(settings.prefix()),
                  asDaemon)
              .inquiry()
              .about(path);
    } catch (NoSuchFileException missing) {
      throw new CommandFailure(ExitStatus.FINDINGS, path + ": no such file");
    }
    switch (format) {
      case JSON -> WhyReport.writeJson(world.out(), path, answers);
      case TEXT -> WhyReport.writeText(world.out(), path, answers);
    }
    return ExitStatus.OK;
  }
}
