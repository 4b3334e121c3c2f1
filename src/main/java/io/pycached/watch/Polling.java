package io.pycached.watch;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a project is polled, and at which polls a full watch is tried again: after 2, 4, 8 polls and
 * so on, and at once when a limit has changed. Not safe for use by several threads.
 */
final class Polling {
  /** Bound on the polls between two tries. */
  private static final int MOST_POLLS = 32;

  private final InotifyLimits limits;
  private @Nullable Degradation degradation;
  private String limitsThen = "";
  private int pollsToTry;
  private int polls;

  Polling(InotifyLimits limits) {
    this.limits = limits;
  }

  /**
   * Polling starts, or a try to end it has failed.
   *
   * @return whether this is news: the project was watched, or lacked something else
   */
  boolean enter(Degradation why) {
    boolean news = degradation == null || degradation.kind() != why.kind();
    pollsToTry = news ? 2 : Math.min(2 * pollsToTry, MOST_POLLS);
    polls = 0;
    limitsThen = limits.display();
    degradation = why;
    return news;
  }

  /** {@return whether the project was polled, which it is no more} */
  boolean leave() {
    boolean was = degradation != null;
    degradation = null;
    return was;
  }

  /** {@return why the project is polled, if it is} */
  Optional<Degradation> degradation() {
    return Optional.ofNullable(degradation);
  }

  /** Counts a poll. {@return whether to try a full watch instead} */
  boolean pollOrTry() {
    if (degradation == null || degradation.kind() == Degradation.Kind.FILE_SYSTEM) {
      return false;
    }
    polls++;
    return polls >= pollsToTry || !limits.display().equals(limitsThen);
  }
}
