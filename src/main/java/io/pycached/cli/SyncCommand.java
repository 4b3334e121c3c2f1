package io.pycached.cli;

import io.pycached.compile.Interpreters;
import io.pycached.config.ProjectSettings;
import io.pycached.config.Settings;
import io.pycached.config.Warmth;
import io.pycached.daemon.Allowances;
import io.pycached.daemon.Assembly;
import io.pycached.daemon.NamedVariants;
import io.pycached.daemon.PrefixDirectory;
import io.pycached.daemon.Trusting;
import io.pycached.daemon.Warming;
import io.pycached.layout.Variant;
import io.pycached.reconcile.BuildQueue;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.SinglePass;
import io.pycached.reconcile.Territory;
import io.pycached.report.WorkReport;
import io.pycached.survey.BodyCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code pycached sync}: one full reconcile, which adopts, compiles and prunes; by the daemon that
 * holds the prefix, if one does.
 */
final class SyncCommand implements Command {
  /** How long a daemon may take for it. */
  static final Duration PATIENCE = Duration.ofHours(6);

  private static final int MAX_WORKERS = 256;

  @Override
  public CommandSpec spec() {
    return Options.command(
            "sync", "Adopts, compiles and prunes, once: afterwards every import finds bytecode.")
        .addOption(Options.prefix())
        .addOption(Options.config())
        .addOption(Options.socket())
        .addOption(Options.output())
        .addOption(jobs())
        .addOption(variants())
        .addOption(Options.flag("--dry-run", "Print what would be done, and do nothing."))
        .addPositional(
            Options.positional(
                "DIR",
                "0..*",
                "Source trees, all of whose sources are compiled (default: the configured projects,"
                    + " each as it says)."));
  }

  private static OptionSpec jobs() {
    return OptionSpec.builder("-j", "--jobs")
        .paramLabel("N")
        .type(String.class)
        .description(
            "How many sources to compile at a time (default: as many as processors; a daemon that"
                + " keeps the prefix has workers of its own).")
        .build();
  }

  private static OptionSpec variants() {
    return OptionSpec.builder("--variant")
        .paramLabel("TAG[.opt-N]")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity("1")
        .description(
            "What to compile the DIRs for; may be repeated (default: the variants that their"
                + " mirrors hold; else that of the first python3 of $PATH; in a virtual environment"
                + " its own).")
        .build();
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Settings settings = wanting(options, options.settingsForDirectories());
    int workers = workers(options);
    if (options.has("--dry-run")) {
      return sync(options, settings, workers, Mode.DRY_RUN);
    }
    PrefixDirectory.create(settings.prefix(), settings.trust());
    String target =
        new RequestTarget("sync")
            .with("path", options.directories())
            .withNames("variant", options.values("--variant"))
            .toString();
    return new Writing("sync", target, PATIENCE, unheeded(options))
        .run(
            options,
            settings,
            () -> {
              OwnPrefix.require(settings);
              PrefixDirectory.tag(settings.prefix());
              return sync(options, settings, workers, Mode.APPLY);
            });
  }

  /** Who names a tree wants all of it compiled. */
  private static Settings wanting(Options options, Settings settings) throws CommandFailure {
    List<String> variants = options.values("--variant");
    if (options.positionals().isEmpty()) {
      if (!variants.isEmpty()) {
        throw new CommandFailure(
            ExitStatus.USAGE, "--variant: expected a DIR with it; a project's are configured");
      }
      return settings;
    }
    try {
      NamedVariants.parse(variants);
    } catch (IllegalArgumentException wrong) {
      throw new CommandFailure(ExitStatus.USAGE, "--variant: " + wrong.getMessage());
    }
    List<ProjectSettings> projects = new ArrayList<>();
    for (ProjectSettings project : settings.projects()) {
      projects.add(
          new ProjectSettings(
              project.name(),
              project.path(),
              project.visibleAt(),
              project.exclude(),
              variants.isEmpty() ? project.variants() : Optional.of(variants),
              Warmth.ALL,
              project.invalidation(),
              project.bounds()));
    }
    return settings.withProjects(projects);
  }

  /** A daemon has workers of its own, which also make what others edit. */
  private static Optional<String> unheeded(Options options) {
    return options
        .value("--jobs")
        .map(jobs -> "--jobs " + jobs + ": has no effect, the daemon has workers of its own");
  }

  private static int workers(Options options) throws CommandFailure {
    Optional<String> jobs = options.value("--jobs");
    if (jobs.isEmpty()) {
      return Runtime.getRuntime().availableProcessors();
    }
    try {
      int workers = Integer.parseInt(jobs.get());
      if (workers >= 1 && workers <= MAX_WORKERS) {
        return workers;
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    throw new CommandFailure(
        ExitStatus.USAGE, "--jobs: expected 1 to " + MAX_WORKERS + ", found " + jobs.get());
  }

  private static ExitStatus sync(Options options, Settings settings, int workers, Mode mode)
      throws CommandFailure, IOException {
    World world = options.world();
    WorkReport report = new WorkReport(mode == Mode.DRY_RUN);
    boolean whole = options.positionals().isEmpty();
    long start = System.nanoTime();
    try (Records records = Records.of(settings.prefix(), mode, world);
        Warming warming =
            Warming.of(
                settings.prefix(),
                Trusting.access(settings.trust()),
                new Interpreters(InterpreterSearch.of(world, settings.interpreters())),
                workers,
                false,
                world.clock());
        BuildProgress progress = new BuildProgress(world, warming.queue())) {
      warnings(options, settings, warming.interpreters())
          .forEach(
              line -> {
                world.err().println(line);
                report.warn(line);
              });
      // The report and the progress join the queue themselves; a failure is one of a file.
      warming.start(new BuildQueue.Listener() {});
      Assembly assembly =
          Assembly.of(
              settings, BodyCheck.ALWAYS, world.clock(), records.known(), Optional.of(warming));
      List<Territory> territories = assembly.territories(whole, List.of());
      ReconcileListener all = records.beside(ReconcileListener.both(progress, report));
      SinglePass pass = new SinglePass(territories, assembly.reconciler());
      pass.run(mode, all).forEach(report::keeps);
      if (whole) {
        Allowances.of(settings, PruneCommand.MOUNTINFO)
            .enforce(pass, mode, territories, warming.interpreters().magics(), world.clock(), all);
      }
    }
    return ReportedPass.report(options, report, Duration.ofNanos(System.nanoTime() - start));
  }

  private static List<String> warnings(
      Options options, Settings settings, Interpreters interpreters) {
    List<String> lines = new ArrayList<>();
    if (options.positionals().isEmpty()) {
      for (ProjectSettings project : settings.projects()) {
        NamedVariants configured =
            new NamedVariants(
                project.variants().orElse(List.of()).stream().map(Variant::parse).toList());
        configured
            .unmet(interpreters)
            .forEach(line -> lines.add("project " + project.name() + ": " + line));
      }
    } else {
      NamedVariants.parse(options.values("--variant"))
          .unmet(interpreters)
          .forEach(line -> lines.add("--variant: " + line));
    }
    return lines;
  }
}
