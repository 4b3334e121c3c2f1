package io.pycached.cli;

import io.pycached.config.Settings;
import io.pycached.daemon.Allowances;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.SinglePass;
import io.pycached.reconcile.Territory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code pycached prune}: the deletions of the plan, once; by the daemon that holds the prefix, if
 * one does.
 */
final class PruneCommand implements Command {
  /** proc(5): the mounts that this process sees. */
  static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

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
        .addOption(Options.projects("Only the mirror of this configured project"))
        .addOption(
            Options.flag(
                "--confirm",
                "Delete what lost its sources even if that is most of a project at once."))
        .addPositional(
            Options.positional(
                "DIR",
                "0..*",
                "Only the mirrors of these source trees (default: the whole prefix)."));
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Settings settings = options.settingsForDirectories();
    boolean dryRun = options.has("--dry-run");
    List<String> names = options.projectNames(settings);
    if (!Places.exists(settings.prefix())) {
      return ReportedPass.overNothing(options, settings, "prune", dryRun);
    }
    if (dryRun) {
      return prune(options, settings, names, Mode.DRY_RUN);
    }
    String target =
        new RequestTarget("prune")
            .with("path", options.directories())
            .withNames("project", names)
            .with("confirm", options.has("--confirm"))
            .toString();
    return new Writing("prune", target, PATIENCE)
        .run(options, settings, () -> prune(options, settings, names, Mode.APPLY));
  }

  private static ExitStatus prune(Options options, Settings settings, List<String> names, Mode mode)
      throws CommandFailure {
    boolean whole = options.positionals().isEmpty() && names.isEmpty();
    return ReportedPass.run(
        options,
        settings,
        mode,
        (assembly, heard, report) -> {
          List<Territory> territories = assembly.territories(whole, names);
          SinglePass pass = new SinglePass(territories, assembly.reconciler());
          pass.run(mode, options.has("--confirm"), heard).forEach(report::keeps);
          if (whole) {
            Allowances.of(settings, MOUNTINFO)
                .enforce(pass, mode, territories, Set.of(), options.world().clock(), heard);
          }
        });
  }
}
