package io.pycached.policy;

import io.pycached.survey.MirrorFile;
import io.pycached.survey.State;
import io.pycached.survey.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which files may be evicted, and which first.
 *
 * @param written the magic numbers that interpreters here write; if there is none, it is not known
 *     who writes what
 * @param grace how long a file must have been left alone. What was used since, as far as is known,
 *     is never evicted
 */
public record EvictionOrder(UseClock clock, Set<Integer> written, Duration grace) {

  /**
   * {@return what {@code file} is as a candidate; nothing if it must stay}
   *
   * <p>Bytecode of a project whose sources cannot be seen must stay, and so must what no writer of
   * bytecode has left.
   *
   * @param bytes on disk that evicting it frees
   * @param claimed whether it belongs to a project
   */
  public Optional<Candidate> candidate(
      MirrorFile file, Path path, long bytes, boolean claimed, Instant now) {
    Instant used = clock.known(file);
    if (used.plus(grace).isAfter(now)) {
      return Optional.empty();
    }
    if (claimed && file.verdict().state() == State.UNVERIFIABLE) {
      return Optional.empty();
    }
    return kind(file, now).map(kind -> new Candidate(kind, used, path, bytes));
  }

  private Optional<Candidate.Kind> kind(MirrorFile file, Instant now) {
    return switch (file.verdict().state()) {
      case TEMPORARY -> Optional.of(Candidate.Kind.TEMPORARY);
      case CORRUPT -> Optional.of(Candidate.Kind.CORRUPT);
      case ORPHANED -> Optional.of(Candidate.Kind.ORPHANED);
      case FRESH, STALE, UNVERIFIABLE ->
          Optional.of(isUnwritten(file) ? Candidate.Kind.UNWRITTEN_MAGIC : use(file, now));
      case FOREIGN -> Optional.empty();
    };
  }

  private boolean isUnwritten(MirrorFile file) {
    return file.verdict() == Verdict.STALE_MAGIC
        || (!written.isEmpty()
            && file.header().isPresent()
            && !written.contains(file.header().get().magic().number()));
  }

  private Candidate.Kind use(MirrorFile file, Instant now) {
    return clock.latest(file).plus(grace).isAfter(now)
        ? Candidate.Kind.PERHAPS_USED
        : Candidate.Kind.UNUSED;
  }
}
