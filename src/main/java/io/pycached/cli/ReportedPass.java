package io.pycached.cli;

import io.pycached.config.Settings;
import io.pycached.daemon.Assembly;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.report.WorkReport;
import io.pycached.survey.BodyCheck;
import java.time.Duration;
import java.util.Optional;

/**
 * A pass over the prefix that only deletes: shown while it goes on, kept in the prefix's records,
 * and reported.
 */
final class ReportedPass {
  private ReportedPass() {}

  /** What is done. */
  interface Deed {
    /**
     * Does it.
     *
     * @param heard is to be told of all that is done
     * @param report of it, which hears of it, too
     */
    void with(Assembly assembly, ReconcileListener heard, WorkReport report) throws CommandFailure;
  }

  /** {@return what came of {@code deed}} */
  static ExitStatus run(Options options, Settings settings, Mode mode, Deed deed)
      throws CommandFailure {
    World world = options.world();
    WorkReport report = new WorkReport(mode == Mode.DRY_RUN);
    long start = System.nanoTime();
    try (Progress progress = new Progress(world);
        Records records = Records.of(settings.prefix(), mode, world)) {
      Assembly assembly =
          Assembly.of(settings, BodyCheck.NEVER, world.clock(), records.known(), Optional.empty());
      deed.with(assembly, records.beside(ReconcileListener.both(progress, report)), report);
    }
    return report(options, report, Duration.ofNanos(System.nanoTime() - start));
  }

  /** {@return what came of a pass over a prefix that does not exist} */
  static ExitStatus overNothing(Options options, Settings settings, String command, boolean dryRun)
      throws CommandFailure {
    options
        .world()
        .err()
        .println("the prefix " + settings.prefix() + " does not exist: nothing to " + command);
    return report(options, new WorkReport(dryRun), Duration.ZERO);
  }

  /** Prints what was done. */
  static ExitStatus report(Options options, WorkReport report, Duration took)
      throws CommandFailure {
    report.write(options.isJson(), options.world().out(), took);
    return report.isPartial() ? ExitStatus.FINDINGS : ExitStatus.OK;
  }
}
