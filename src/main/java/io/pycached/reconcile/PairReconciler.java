package io.pycached.reconcile;

import io.pycached.apply.Outcome;
import io.pycached.apply.Pruner;
import io.pycached.fs.Directory;
import io.pycached.policy.Build;
import io.pycached.policy.Deletion;
import io.pycached.policy.DeletionPolicy;
import io.pycached.policy.Plan;
import io.pycached.policy.Targets;
import io.pycached.policy.WarmPolicy;
import io.pycached.policy.Warmth;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Fingerprint;
import io.pycached.survey.Listing;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Supply;
import io.pycached.survey.Survey;
import io.pycached.survey.Surveyor;
import io.pycached.survey.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Reconciles one directory pair: survey, plan, apply.
 *
 * @param surveyor takes the survey
 * @param closer takes it of a pair that something has happened in
 * @param policy makes the plan
 * @param standing whether it is the policy that always applies
 * @param mostAtOnce the share of a project whose orphans may go at once, see {@link Restraint}
 * @param pruner carries out its deletions
 * @param builds takes what is to be made; nothing if nothing is
 * @param unhurried whether to wait until it has room
 * @param scrutiny audits what is looked at closely; nothing if nobody does
 */
public record PairReconciler(
    Surveyor surveyor,
    Surveyor closer,
    DeletionPolicy policy,
    boolean standing,
    double mostAtOnce,
    Pruner pruner,
    Optional<BuildQueue> builds,
    boolean unhurried,
    Optional<Scrutiny> scrutiny,
    InstantSource clock) {
  /** When a pair is looked at again that the queue of builds had no room for. */
  private static final Duration WHEN_THERE_IS_ROOM = Duration.ofSeconds(5);

  /**
   * With one of these in a pair, the world beyond the pair may change the verdict: its fingerprint
   * vouches for nothing.
   */
  private static final Set<Verdict> RESTLESS =
      EnumSet.of(Verdict.SOURCE_UNREADABLE, Verdict.PROJECT_VANISHED);

  /** One of these is on its way out: vouched for only while it waits for that. */
  private static final Set<Verdict> LEAVING = EnumSet.of(Verdict.ORPHANED, Verdict.TEMPORARY);

  /**
   * What a reconciled pair looks like.
   *
   * @param files what is left in the mirror
   * @param removeMirror whether the mirror should go, once it is empty
   * @param fingerprint by which it can be recognised as unchanged
   * @param due until when; nothing if time alone changes nothing
   */
  record Result(
      Survey survey,
      List<MirrorFile> files,
      boolean removeMirror,
      Optional<Fingerprint> fingerprint,
      Optional<Instant> due) {
    /** {@return whether files that were there are not any more} */
    boolean hasDeleted() {
      return files.size() < survey.files().size();
    }
  }

  /** {@return one that waits until there is room for what is to be made} */
  PairReconciler waiting() {
    return new PairReconciler(
        surveyor, closer, policy, standing, mostAtOnce, pruner, builds, true, scrutiny, clock);
  }

  /** {@return one that audits what it looks at closely} */
  public PairReconciler auditing(Scrutiny other) {
    return new PairReconciler(
        surveyor,
        closer,
        policy,
        standing,
        mostAtOnce,
        pruner,
        builds,
        unhurried,
        Optional.of(other),
        clock);
  }

  /** {@return one that deletes what {@code other} says, makes nothing, and reads no bodies} */
  PairReconciler by(DeletionPolicy other) {
    return new PairReconciler(
        surveyor,
        surveyor,
        other,
        false,
        mostAtOnce,
        pruner.judging(surveyor),
        Optional.empty(),
        unhurried,
        Optional.empty(),
        clock);
  }

  Result reconcile(
      Territory territory,
      OpenPair opened,
      Optional<Listing> known,
      boolean closely,
      Mode mode,
      UnaryOperator<Plan> restraint,
      ReconcileListener listener)
      throws IOException {
    Path relative = opened.path();
    SourceSide source = opened.source();
    Optional<Directory> mirror = opened.mirror();
    Survey found = (closely ? closer : surveyor).survey(opened.pair(), source, mirror, known);
    listener.surveyed(territory, found);
    if (closely) {
      listener.lookedAt(territory, found);
    }
    Scrutiny.Audited audited =
        closely && scrutiny.isPresent()
            ? scrutiny.get().audit(found, mirror, mode)
            : Scrutiny.Audited.none(found);
    for (Outcome outcome : audited.outcomes()) {
      listener.happened(territory, outcome);
    }
    Survey survey = audited.survey();
    Optional<Toolchain> toolchain = toolchain(territory);
    if (toolchain.isPresent()
        && toolchain.get().observe(territory, survey)
        && territory.warm().wantsAllObserved()) {
      listener.widened(territory);
    }
    if (mode == Mode.SURVEY) {
      return new Result(
          survey,
          survey.files(),
          false,
          fingerprint(territory, survey, Optional.empty()),
          Optional.empty());
    }
    Plan wanted = policy.plan(survey, clock.instant());
    Plan plan = restraint.apply(wanted);
    List<Build> missing =
        toolchain.isPresent() ? missing(territory, audited, source, toolchain.get()) : List.of();
    // The mirror of a territory's root stays, so there is nothing to wait for when only it is left.
    boolean emptyRoot = relative.toString().isEmpty() && survey.files().isEmpty();
    if (!emptyRoot && plan.due().isPresent()) {
      listener.waits(territory, relative, plan.due().get());
    }
    List<Outcome> outcomes =
        mode == Mode.APPLY && !plan.deletions().isEmpty()
            ? pruner.prune(plan, () -> territory.source(relative))
            : foreseen(plan);
    if (mode == Mode.APPLY) {
      order(territory, relative, missing, listener);
    } else {
      for (Build build : missing) {
        listener.happened(territory, foreseen(survey.pair(), build));
      }
    }
    for (Outcome outcome : outcomes) {
      listener.happened(territory, outcome);
    }
    boolean settled =
        audited.outcomes().isEmpty()
            && wanted.deletions().isEmpty()
            && outcomes.isEmpty()
            && missing.isEmpty();
    return new Result(
        survey,
        mode == Mode.APPLY ? remaining(survey, outcomes) : survey.files(),
        plan.removeMirror(),
        settled && standing ? fingerprint(territory, survey, plan.due()) : Optional.empty(),
        plan.due());
  }

  /** Who makes bytecode for {@code territory}, if anybody should. */
  private Optional<Toolchain> toolchain(Territory territory) {
    return territory.warm().warmth() == Warmth.NONE
        ? Optional.empty()
        : builds.map(queue -> queue.workshop().toolchain());
  }

  private List<Build> missing(
      Territory territory, Scrutiny.Audited audited, SourceSide source, Toolchain toolchain)
      throws IOException {
    Survey survey = audited.survey();
    WarmPolicy warm = territory.warm();
    Supply supply = surveyor.supply(survey, source, warm.warmth() == Warmth.ALL);
    Supplier<Targets> targets = () -> toolchain.targets(territory, survey.pair());
    return audited.rebuilding(warm.builds(survey, supply, targets), warm, targets);
  }

  private void order(
      Territory territory, Path relative, List<Build> missing, ReconcileListener listener) {
    if (builds.isPresent()
        && territory.warm().warmth() != Warmth.NONE
        && !builds.get().offer(territory, relative, missing, unhurried)) {
      listener.waits(territory, relative, clock.instant().plus(WHEN_THERE_IS_ROOM));
    }
  }

  private static Outcome foreseen(DirectoryPair pair, Build build) {
    Path path = pair.mirror().resolve(build.name());
    return build instanceof Build.Adoption adoption
        ? new Outcome.Adopted(path, build.reason(), adoption.file().bytes(), build.evidence())
        : new Outcome.Compiled(path, build.reason(), 0, build.evidence());
  }

  private static List<Outcome> foreseen(Plan plan) {
    List<Outcome> outcomes = new ArrayList<>(plan.deletions().size());
    for (Deletion deletion : plan.deletions()) {
      MirrorFile file = deletion.file();
      Path path = plan.survey().pair().mirror().resolve(file.name());
      outcomes.add(new Outcome.Deleted(path, deletion.reason(), file.bytes(), deletion.evidence()));
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

  /**
   * @param due when what leaves will have to
   */
  private static Optional<Fingerprint> fingerprint(
      Territory territory, Survey survey, Optional<Instant> due) {
    // Whether what no project stands for is gone, the state of other disks says, too.
    boolean patient = due.isPresent() && territory.root().isPresent();
    for (MirrorFile file : survey.files()) {
      if (RESTLESS.contains(file.verdict()) || (LEAVING.contains(file.verdict()) && !patient)) {
        return Optional.empty();
      }
    }
    return survey.fingerprint();
  }
}
