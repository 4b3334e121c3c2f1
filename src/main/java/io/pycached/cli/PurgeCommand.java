package io.pycached.cli;

import io.pycached.config.Settings;
import io.pycached.policy.PurgePolicy;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.SinglePass;
import io.pycached.reconcile.Territory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    boolean dryRun = options.has("--dry-run");
    List<String> names = options.positionals();
    Options.requireProjects(names, settings);
    if (!Places.exists(settings.prefix())) {
      return ReportedPass.overNothing(options, settings, "purge", dryRun);
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
    return ReportedPass.run(
        options,
        settings,
        mode,
        (assembly, heard, report) -> {
          List<Territory> territories = assembly.territories(false, names);
          SinglePass pass = new SinglePass(territories, assembly.reconciler());
          for (Territory territory : territories) {
            pass.sweep(territory, mode, Optional.of(new PurgePolicy()), heard);
          }
        });
  }
}
