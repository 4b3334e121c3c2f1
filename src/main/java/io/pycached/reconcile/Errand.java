package io.pycached.reconcile;

import io.pycached.policy.DeletionPolicy;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A sweep of a territory, or a part of it, that somebody wants.
 *
 * @param relative where it starts
 * @param policy decides what is deleted instead of the standing one, and nothing is made
 * @param scheduled whether it is one of the surveys of everything that come by themselves: a second
 *     one confirms what the first found, see {@link Restraint}
 * @param confirmed whether an operator says that all orphans may go, however many there are
 */
public record Errand(
    Path relative,
    Mode mode,
    Sweep.Reach reach,
    Optional<DeletionPolicy> policy,
    boolean scheduled,
    boolean confirmed) {

  /** {@return one by the standing policy} */
  public static Errand of(Path relative, Mode mode, Sweep.Reach reach) {
    return new Errand(relative, mode, reach, Optional.empty(), false, false);
  }

  /** {@return the same by another policy} */
  public Errand by(DeletionPolicy other) {
    return new Errand(relative, mode, reach, Optional.of(other), scheduled, confirmed);
  }

  /** {@return the same, confirmed by an operator or not} */
  public Errand confirmed(boolean yes) {
    return new Errand(relative, mode, reach, policy, scheduled, yes);
  }

  /** {@return the same, as a survey that comes by itself} */
  public Errand asScheduled() {
    return new Errand(relative, mode, reach, policy, true, confirmed);
  }

  /** Whether it surveys a territory from its root, to do what the standing policy says. */
  boolean isWhole() {
    return relative.toString().isEmpty()
        && reach != Sweep.Reach.DIRECTORY
        && policy.isEmpty()
        && mode != Mode.SURVEY;
  }
}
