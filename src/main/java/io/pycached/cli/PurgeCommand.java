package io.pycached.cli;

import io.pycached.config.Settings;
import io.pycached.daemon.Assembly;
import io.pycached.policy.PurgePolicy;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.SinglePass;
import io.pycached.reconcile.Territory;
import io.pycached.report.WorkReport;
import io.pycached.survey.BodyCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code pycached purge}: drops the whole mirror of a project; by the daemon that holds the prefix,
 * if one does.
 */
final class PurgeCommand implements Command {
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  @Override
  public CommandSpec spec() {
    return Options.command("purge", "Deletes all bytecode of a project, whatever its state.")
        .addOption(Options.prefix())
        .addOption(Options.config())
        .addOption(Options.socket())
        .addOption(Options.output())
        .addOption(Options.flag("--dry-run", "Print what would be done, and do nothing."))
        .addPositional(Options.positional("PROJECT", "1..*", "The names of configured projects."));
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Settings settings = options.settings();
    World world = options.world();
    boolean dryRun = options.has("--dry-run");
    List<String> names = options.positionals();
    Options.requireProjects(names, settings);
    if (!Places.exists(settings.prefix())) {
      world.err().println("the prefix " + settings.prefix() + " does not exist: nothing to purge");
      new WorkReport(dryRun).write(options.isJson(), world.out(), Duration.ZERO);
      return ExitStatus.OK;
    }
    if (dryRun) {
      return purge(options, settings, names, Mode.DRY_RUN);
    }
    String target = new RequestTarget("purge").withNames("project", names).toString();
    return new Writing("purge", target, PATIENCE)
        .run(options, settings, () -> purge(options, settings, names, Mode.APPLY));
  }

  private static ExitStatus purge(Options options, Settings settings, List<String> names, Mode mode)
      throws CommandFailure {
    World world = options.world();
    WorkReport report = new WorkReport(mode == Mode.DRY_RUN);
    long start = System.nanoTime();
    try (Progress progress = new Progress(world);
        Records records = Records.of(settings.prefix(), mode, world)) {
      Assembly assembly =
          Assembly.of(settings, BodyCheck.NEVER, world.clock(), records.known(), Optional.empty());
      ReconcileListener all = records.beside(ReconcileListener.both(progress, report));
      List<Territory> territories = assembly.territories(false, names);
      SinglePass pass =
          new SinglePass(territories, assembly.reconciler(), ForkJoinPool.commonPool());
      for (Territory territory : territories) {
        pass.sweep(territory, mode, Optional.of(new PurgePolicy()), all);
      }
    }
    report.write(options.isJson(), world.out(), Duration.ofNanos(System.nanoTime() - start));
    return report.isPartial() ? ExitStatus.FINDINGS : ExitStatus.OK;
  }
}
