package io.pycached.reconcile;

import io.pycached.apply.Outcome;
import io.pycached.apply.Pruner;
import io.pycached.fs.Directory;
import io.pycached.policy.Deletion;
import io.pycached.policy.Plan;
import io.pycached.policy.PrunePolicy;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Listing;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Survey;
import io.pycached.survey.Surveyor;
import io.pycached.survey.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reconciles one directory pair: survey, plan, apply.
 *
 * @param surveyor takes the survey
 * @param policy makes the plan
 * @param pruner carries it out
 */
public record PairReconciler(
    Surveyor surveyor, PrunePolicy policy, Pruner pruner, InstantSource clock) {
  /**
   * With one of these in a pair, time or the world beyond the pair may change the verdict: its
   * fingerprint vouches for nothing.
   */
  private static final Set<Verdict> RESTLESS =
      EnumSet.of(
          Verdict.ORPHANED, Verdict.TEMPORARY, Verdict.SOURCE_UNREADABLE, Verdict.PROJECT_VANISHED);

  /**
   * What a reconciled pair looks like.
   *
   * @param files what is left in the mirror
   * @param removeMirror whether the mirror should go, once it is empty
   * @param fingerprint by which it can be recognised as unchanged
   */
  record Result(
      Survey survey, List<MirrorFile> files, boolean removeMirror, OptionalLong fingerprint) {}

  Result reconcile(
      Territory territory,
      Path relative,
      SourceSide source,
      Optional<Directory> mirror,
      Optional<Listing> known,
      Mode mode,
      ReconcileListener listener)
      throws IOException {
    DirectoryPair pair = territory.pair(relative);
    Survey survey = surveyor.survey(pair, source, mirror, known);
    listener.surveyed(territory, survey);
    if (mode == Mode.SURVEY) {
      return new Result(survey, survey.files(), false, fingerprint(survey));
    }
    Plan plan = policy.plan(survey, clock.instant());
    // The mirror of a territory's root stays, so there is nothing to wait for when only it is left.
    boolean emptyRoot = relative.toString().isEmpty() && survey.files().isEmpty();
    if (!emptyRoot) {
      plan.due().ifPresent(due -> listener.waits(territory, relative, due));
    }
    List<Outcome> outcomes =
        mode == Mode.APPLY && !plan.deletions().isEmpty()
            ? pruner.prune(plan, () -> territory.source(relative))
            : foreseen(plan);
    outcomes.forEach(outcome -> listener.happened(territory, outcome));
    boolean settled = outcomes.isEmpty() && plan.due().isEmpty();
    return new Result(
        survey,
        mode == Mode.APPLY ? remaining(survey, outcomes) : survey.files(),
        plan.removeMirror(),
        settled ? fingerprint(survey) : OptionalLong.empty());
  }

  private static List<Outcome> foreseen(Plan plan) {
    List<Outcome> outcomes = new ArrayList<>(plan.deletions().size());
    for (Deletion deletion : plan.deletions()) {
      Path path = plan.survey().pair().mirror().resolve(deletion.file().name());
      outcomes.add(new Outcome.Deleted(path, deletion.reason(), deletion.file().bytes()));
    }
    return outcomes;
  }

  private static List<MirrorFile> remaining(Survey survey, List<Outcome> outcomes) {
    Set<Path> gone = new HashSet<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Deleted) {
        gone.add(outcome.path().getFileName());
      }
    }
    return gone.isEmpty()
        ? survey.files()
        : survey.files().stream().filter(file -> !gone.contains(file.name())).toList();
  }

  private static OptionalLong fingerprint(Survey survey) {
    for (MirrorFile file : survey.files()) {
      if (RESTLESS.contains(file.verdict())) {
        return OptionalLong.empty();
      }
    }
    return survey.fingerprint();
  }
}
