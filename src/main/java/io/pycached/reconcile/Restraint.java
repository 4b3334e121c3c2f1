package io.pycached.reconcile;

import io.pycached.policy.Deletion;
import io.pycached.policy.Plan;
import io.pycached.survey.State;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Keeps the orphans of a project while there are suspiciously many of them: what looks like a
 * deletion of half a project may be a disk, a checkout or a file server that is half there. They go
 * when a second survey of the whole project finds them still, or when an operator says so; where
 * the root has come to lie on another file system meanwhile, only then.
 *
 * <p>Safe for use by any thread.
 */
final class Restraint {
  /** So few may always go: people do delete small projects. */
  static final int FEW = 20;

  private final Territory territory;
  private final Volumes volumes;
  private int round = 1;
  private boolean isKnown;
  private boolean hasWithheld;

  /** The survey that found too many; zero if none did. */
  private int heldIn;

  private long orphans;
  private long all;
  private long deletedThisRound;

  /**
   * @param volumes where the roots of projects were before
   */
  Restraint(Territory territory, Volumes volumes) {
    this.territory = territory;
    this.volumes = volumes;
  }

  /**
   * Notes that a survey of the whole territory begins.
   *
   * @param scheduled whether it came by itself. One that somebody asked for confirms nothing: who
   *     means to confirm says so
   */
  synchronized void begin(boolean scheduled) {
    if (scheduled) {
      round++;
      deletedThisRound = 0;
    }
    hasWithheld = false;
    isKnown &= !isElsewhere();
  }

  /**
   * Notes that it has ended.
   *
   * @param totals what it found
   * @return whether it should be done once more, for what it withheld because it was the first
   */
  synchronized boolean end(Totals totals, double most) {
    boolean again = !isKnown && hasWithheld;
    isKnown = true;
    if (!isTooMany(totals, 0, most)) {
      heldIn = 0;
      agree();
    }
    return again;
  }

  /**
   * {@return {@code plan} without the orphans that must stay for now}
   *
   * @param totals of the territory, as far as it is known
   * @param most the share of it that may be deleted at once
   */
  synchronized Plan restrain(Plan plan, Totals totals, double most) {
    long orphaned = plan.deletions().stream().filter(Restraint::isOrphan).count();
    if (orphaned == 0 || most >= 1) {
      return plan;
    }
    boolean elsewhere = isElsewhere();
    if (isKnown && !elsewhere && !isTooMany(totals, orphaned, most)) {
      deletedThisRound += orphaned;
      return plan;
    }
    if (isKnown && heldIn == 0) {
      heldIn = round;
    }
    if (isKnown && !elsewhere && heldIn < round) {
      deletedThisRound += orphaned;
      return plan;
    }
    hasWithheld = true;
    List<Deletion> others =
        plan.deletions().stream().filter(deletion -> !isOrphan(deletion)).toList();
    return new Plan(plan.survey(), others, false, plan.due());
  }

  private static boolean isOrphan(Deletion deletion) {
    return deletion.file().verdict().state() == State.ORPHANED;
  }

  private boolean isTooMany(Totals totals, long more, double most) {
    Map<State, Count> states = totals.byState();
    long known = count(states, State.ORPHANED);
    orphans = deletedThisRound + Math.max(known, more);
    all = deletedThisRound + known;
    for (State state : List.of(State.FRESH, State.STALE, State.CORRUPT, State.UNVERIFIABLE)) {
      all += count(states, state);
    }
    return orphans > FEW && orphans > all * most;
  }

  private static long count(Map<State, Count> states, State state) {
    return states.getOrDefault(state, Count.ZERO).files();
  }

  private boolean isElsewhere() {
    return territory.root().isPresent() && isElsewhere(territory.root().get());
  }

  private boolean isElsewhere(Path root) {
    OptionalLong device = Volumes.deviceOf(root);
    return device.isPresent() && volumes.isAnother(root, device.getAsLong());
  }

  private void agree() {
    territory
        .root()
        .ifPresent(root -> Volumes.deviceOf(root).ifPresent(device -> volumes.agree(root, device)));
  }

  /** {@return why orphans are kept until the next survey, if they are} */
  synchronized Optional<String> held() {
    return heldIn == 0 || heldIn < round || isElsewhere() ? Optional.empty() : Optional.of(gone());
  }

  /** {@return that the project's root was replaced, if it seems so} */
  synchronized Optional<Unseen> replaced() {
    if (heldIn == 0 || !isElsewhere()) {
      return Optional.empty();
    }
    return Optional.of(
        new Unseen(
            true,
            "%s is on another file system than before, and %s; if that is right: pycached prune --project %s --confirm"
                .formatted(territory.root().orElseThrow(), gone(), territory.name())));
  }

  private String gone() {
    return "the sources of %,d of %,d files seem to be gone at once".formatted(orphans, all);
  }
}
