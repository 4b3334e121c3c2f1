package io.pycached.daemon;

import io.pycached.audit.FlawLedger;
import io.pycached.compile.BrokenInterpreter;
import io.pycached.compile.Compilers;
import io.pycached.reconcile.Rewrites;
import io.pycached.reconcile.TerritoryStatus;
import io.pycached.reconcile.Unseen;
import io.pycached.report.StatusReport.Problem;
import io.pycached.report.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * All that is wrong at the moment: what was raised, and what the parts show when they are asked.
 *
 * @param startedAt since when a project is amiss that was never reconciled
 */
record OpenProblems(
    Problems raised,
    FlawLedger flaws,
    Rewrites rewrites,
    FailedChanges changes,
    FailedSurveys surveys,
    Compilers compilers,
    Instant startedAt) {
  /** Quarantined sources that are told one by one; how many there are is told anyway. */
  private static final int MAX_QUARANTINED = 20;

  List<Problem> list(List<TerritoryStatus> territories) {
    List<Problem> all = new ArrayList<>(raised.list());
    all.addAll(Trusting.problems(flaws));
    changes.problem().ifPresent(all::add);
    surveys.problem().ifPresent(all::add);
    rewrites.thrash().map(OpenProblems::thrash).ifPresent(all::add);
    for (TerritoryStatus status : territories) {
      Instant since = status.lastReconciled().orElse(startedAt);
      status.vanished().ifPresent(unseen -> all.add(unseen(status, unseen, since)));
      status.held().ifPresent(why -> all.add(held(status, why, since)));
    }
    compilers.quarantined().stream()
        .limit(MAX_QUARANTINED)
        .map(
            source ->
                new Problem(
                    "source-quarantined",
                    "%s is not compiled for %s until it changes: %s"
                        .formatted(source.path(), source.dialect().cacheTag(), source.reason()),
                    source.since()))
        .forEach(all::add);
    for (BrokenInterpreter broken : compilers.broken()) {
      all.add(
          new Problem(
              "interpreter-broken",
              broken.reason() + "; it is tried again in a while",
              broken.since()));
    }
    return all;
  }

  private static Problem unseen(TerritoryStatus status, Unseen unseen, Instant since) {
    return new Problem(
        unseen.gone() ? "project-vanished" : "project-unreadable",
        status.territory().name() + ": " + unseen.why() + "; its bytecode is kept",
        since);
  }

  private static Problem thrash(Rewrites.Thrash thrash) {
    return new Problem(
        "thrash",
        "written again and again: %s, the first is %s: sources that differ have the same path, as in the containers of two images; give each image a prefix of its own, such as PYTHONPYCACHEPREFIX=/var/cache/pycached/IMAGE, or its sources another path"
            .formatted(Text.files(thrash.count()), thrash.first()),
        thrash.since());
  }

  private static Problem held(TerritoryStatus status, String why, Instant since) {
    String name = status.territory().name();
    return new Problem(
        "mass-deletion",
        "%s: %s; their bytecode waits for the next survey of everything, or for: pycached prune --project %s --confirm"
            .formatted(name, why, name),
        since);
  }
}
