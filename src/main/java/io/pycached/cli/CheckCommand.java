package io.pycached.cli;

import io.pycached.config.Settings;
import io.pycached.daemon.Assembly;
import io.pycached.daemon.KnownFile;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.SinglePass;
import io.pycached.reconcile.TerritoryStatus;
import io.pycached.report.CheckReport;
import io.pycached.survey.BodyCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pycached check}: surveys once and lists what is amiss. */
final class CheckCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Options.command(
            "check", "Surveys the prefix once, changes nothing, and lists what is amiss.")
        .addOption(Options.prefix())
        .addOption(Options.config())
        .addOption(Options.output())
        .addOption(
            Options.flag(
                "--body", "Read and check the bodies, too: finds bytecode that crashes imports."))
        .addOption(Options.flag("--all", "List every file, fresh ones too."))
        .addPositional(
            Options.positional("DIR", "0..*", "Source trees (default: the configured projects)."));
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Options.Output format = options.format();
    Settings settings = options.settingsForDirectories();
    World world = options.world();
    if (!Places.exists(settings.prefix())) {
      world
          .err()
          .println("the prefix " + settings.prefix() + " does not exist: nothing is cached yet");
    }
    Assembly assembly =
        Assembly.of(
            settings,
            options.has("--body") ? BodyCheck.ALWAYS : BodyCheck.NEVER,
            world.clock(),
            KnownFile.read(settings.prefix()).freeze(),
            Optional.empty());
    CheckReport report = new CheckReport(options.has("--all"));
    long start = System.nanoTime();
    List<TerritoryStatus> statuses;
    try (Progress progress = new Progress(world)) {
      statuses =
          new SinglePass(assembly.territories(), assembly.reconciler())
              .run(Mode.SURVEY, ReconcileListener.both(progress, report));
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    switch (format) {
      case JSON -> report.writeJson(world.out(), settings.prefix(), statuses, elapsed);
      case TEXT -> report.writeText(world.out(), settings.prefix(), statuses, elapsed);
    }
    return report.isAmiss() ? ExitStatus.FINDINGS : ExitStatus.OK;
  }
}
