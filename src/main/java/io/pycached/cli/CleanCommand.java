package io.pycached.cli;

import io.pycached.apply.Access;
import io.pycached.clean.Adoption;
import io.pycached.clean.Cleaner;
import io.pycached.config.ProjectSettings;
import io.pycached.config.Settings;
import io.pycached.daemon.PrefixDirectory;
import io.pycached.daemon.Trusting;
import io.pycached.fs.PrefixLock;
import io.pycached.journal.Event;
import io.pycached.journal.Journal;
import io.pycached.layout.Exclusions;
import io.pycached.layout.PycachePrefix;
import io.pycached.report.CleanReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pycached clean}: removes the bytecode that lies beside its sources. */
final class CleanCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Options.command(
            "clean",
            "Removes __pycache__ directories, which no interpreter reads that uses a prefix."
                + " Only bytecode goes; what else lies there stays and is named.")
        .addOption(Options.prefix())
        .addOption(Options.config())
        .addOption(Options.socket())
        .addOption(Options.output())
        .addOption(Options.flag("--adopt", "Copy what is valid into the prefix first."))
        .addOption(Options.flag("--dry-run", "Print what would be done, and do nothing."))
        .addPositional(Options.positional("DIR", "1..*", "Source trees."));
  }

  @Override
  @SuppressWarnings("try") // The lock is held, not used.
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Options.Output format = options.format();
    Settings settings = options.settingsForDirectories();
    World world = options.world();
    for (ProjectSettings tree : settings.projects()) {
      if (tree.path().endsWith(Cleaner.PYCACHE)) {
        throw new CommandFailure(
            ExitStatus.USAGE,
            "DIR " + Line.of(tree.path()) + ": expected the source tree that it lies in");
      }
    }
    boolean dryRun = options.has("--dry-run");
    if (!options.has("--adopt")) {
      return clean(settings, world, format, tree -> Adoption.none(), dryRun);
    }
    PycachePrefix prefix = new PycachePrefix(settings.prefix());
    Access access = Trusting.access(settings.trust());
    if (dryRun) {
      Adoption adoption = new IntoPrefix(prefix, access, world.clock(), true, outcome -> {});
      return clean(settings, world, format, tree -> adoption, true);
    }
    PrefixDirectory.create(settings.prefix(), settings.trust());
    OwnPrefix.requireIfNeverLocked(settings);
    try (PrefixLock lock =
            PrefixLock.acquire(
                settings.prefix(),
                PycachePrefix.LOCK_FILE,
                "pycached clean, pid " + ProcessHandle.current().pid());
        Journal journal = Records.journal(settings.prefix(), world)) {
      OwnPrefix.require(settings);
      PrefixDirectory.tag(settings.prefix());
      return clean(
          settings,
          world,
          format,
          tree ->
              new IntoPrefix(
                  prefix,
                  access,
                  world.clock(),
                  false,
                  outcome ->
                      Event.of(world.clock().instant(), prefix, tree.name(), outcome)
                          .ifPresent(journal::add)),
          false);
    } catch (PrefixLock.HeldException held) {
      // The daemon adopts as it syncs; what it has then may go.
      RunningDaemon daemon = new RunningDaemon(settings.admin().socket());
      String target = new RequestTarget("sync").with("path", options.directories()).toString();
      String why = String.valueOf(held.getMessage());
      CleanReport report = new CleanReport(false);
      switch (format) {
        // One document: what the daemon adopted is in it.
        case JSON -> report.adopts(daemon.ask(target, format, SyncCommand.PATIENCE, why).body());
        case TEXT -> daemon.post(world, target, format, SyncCommand.PATIENCE, why);
      }
      return clean(settings, world, format, tree -> Adoption.none(), report, false);
    }
  }

  private static ExitStatus clean(
      Settings settings,
      World world,
      Options.Output format,
      Function<ProjectSettings, Adoption> adoptions,
      boolean dryRun) {
    return clean(settings, world, format, adoptions, new CleanReport(dryRun), dryRun);
  }

  private static ExitStatus clean(
      Settings settings,
      World world,
      Options.Output format,
      Function<ProjectSettings, Adoption> adoptions,
      CleanReport report,
      boolean dryRun) {
    CleanReport.Work work =
        listener -> {
          for (ProjectSettings tree : settings.projects()) {
            Path root = tree.path();
            Exclusions exclusions = Exclusions.of(root.getFileSystem(), tree.exclude());
            new Cleaner(
                    settings.limits().temporaryAge(), world.clock(), adoptions.apply(tree), dryRun)
                .clean(
                    root,
                    relative ->
                        exclusions.excludes(root, relative)
                            || root.resolve(relative).equals(settings.prefix()),
                    listener);
          }
        };
    switch (format) {
      case JSON -> report.writeJson(world.out(), work);
      case TEXT -> report.writeText(world.out(), work);
    }
    return report.hasFailures() ? ExitStatus.FINDINGS : ExitStatus.OK;
  }
}
