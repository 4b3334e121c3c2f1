package io.pycached.cli;

import io.pycached.config.Settings;
import io.pycached.daemon.Assembly;
import io.pycached.fs.PrefixLock;
import io.pycached.layout.PycachePrefix;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.SinglePass;
import io.pycached.reconcile.Territory;
import io.pycached.report.WorkReport;
import io.pycached.survey.BodyCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code pycached prune}: the deletions of the plan, once; by the daemon that holds the prefix, if
 * one does.
 */
final class PruneCommand implements Command {
  /** How long a daemon may take for it. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  @Override
  public CommandSpec spec() {
    return Options.command("prune", "Deletes what is orphaned, damaged or left over, once.")
        .addOption(Options.prefix())
        .addOption(Options.config())
        .addOption(Options.socket())
        .addOption(Options.output())
        .addOption(Options.flag("--dry-run", "Print what would be done, and do nothing."))
        .addPositional(
            Options.positional(
                "DIR",
                "0..*",
                "Only the mirrors of these source trees (default: the whole prefix)."));
  }

  @Override
  @SuppressWarnings("try") // The lock is held, not used.
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Options.Output format = options.format();
    Settings settings = options.settingsForDirectories();
    World world = options.world();
    boolean dryRun = options.has("--dry-run");
    if (!Places.exists(settings.prefix())) {
      world.err().println("the prefix " + settings.prefix() + " does not exist: nothing to prune");
      write(new WorkReport(dryRun), format, world, Duration.ZERO);
      return ExitStatus.OK;
    }
    if (dryRun) {
      return prune(options, settings, Mode.DRY_RUN, format);
    }
    try (PrefixLock lock =
        PrefixLock.acquire(
            settings.prefix(),
            PycachePrefix.LOCK_FILE,
            "pycached prune, pid " + ProcessHandle.current().pid())) {
      return prune(options, settings, Mode.APPLY, format);
    } catch (PrefixLock.HeldException held) {
      return handOver(options, settings, format, held);
    }
  }

  private static ExitStatus prune(
      Options options, Settings settings, Mode mode, Options.Output format) {
    World world = options.world();
    Assembly assembly = Assembly.of(settings, BodyCheck.NEVER, world.clock());
    List<Territory> territories =
        options.positionals().isEmpty()
            ? assembly.territories()
            : assembly.territories().stream()
                .filter(Territory.OfProject.class::isInstance)
                .toList();
    WorkReport report = new WorkReport(mode == Mode.DRY_RUN);
    long start = System.nanoTime();
    try (Progress progress = new Progress(world)) {
      new SinglePass(territories, assembly.reconciler(), ForkJoinPool.commonPool())
          .run(mode, ReconcileListener.both(progress, report));
    }
    write(report, format, world, Duration.ofNanos(System.nanoTime() - start));
    return report.hasFailures() ? ExitStatus.FINDINGS : ExitStatus.OK;
  }

  private static void write(
      WorkReport report, Options.Output format, World world, Duration elapsed) {
    switch (format) {
      case JSON -> report.writeJson(world.out(), elapsed);
      case TEXT -> report.writeText(world.out(), elapsed);
    }
  }

  /** Asks the daemon that holds the prefix to do it. */
  private static ExitStatus handOver(
      Options options, Settings settings, Options.Output format, PrefixLock.HeldException held)
      throws CommandFailure, IOException {
    return new RunningDaemon(settings.admin().socket())
        .post(
            options.world(),
            RunningDaemon.target("prune", options.directories()),
            format,
            PATIENCE,
            String.valueOf(held.getMessage()));
  }
}
