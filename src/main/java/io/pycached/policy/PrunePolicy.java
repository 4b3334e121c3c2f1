package io.pycached.policy;

import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.Survey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which files of a mirror go, and when.
 *
 * <p>Everything waits for an age. Programs rely on bytecode that they just wrote being there (pip
 * asserts it), an editor's save is a deletion and a creation, and what looks torn may be half way
 * through a copy. Age counts from the last change of the bytecode file itself.
 *
 * @param orphanGrace the age from which a file whose source is gone is deleted
 * @param temporaryAge the age from which nobody can still be writing to a temporary file, or be
 *     about to write to a mirror that is empty
 * @param soleWriterSince from when on this process has held the prefix's lock: nobody is writing to
 *     what pycached began before
 */
public record PrunePolicy(Duration orphanGrace, Duration temporaryAge, Instant soleWriterSince)
    implements DeletionPolicy {
  /**
   * The age from which a damaged body is damaged for good. Python writes bytecode whole or not at
   * all; this is for {@code rsync --inplace} and its like.
   */
  static final Duration DAMAGE_SETTLES = Duration.ofMinutes(1);

  /** A policy for a process that does not hold the lock. */
  public PrunePolicy(Duration orphanGrace, Duration temporaryAge) {
    this(orphanGrace, temporaryAge, Instant.MIN);
  }

  @Override
  public Plan plan(Survey survey, Instant now) {
    List<Deletion> deletions = new ArrayList<>();
    Optional<Instant> due = Optional.empty();
    for (MirrorFile file : survey.files()) {
      Optional<Instant> ripe = ripe(file);
      if (ripe.isEmpty()) {
        continue;
      }
      if (ripe.get().isAfter(now)) {
        due = Optional.of(due.filter(earlier -> earlier.isBefore(ripe.get())).orElse(ripe.get()));
      } else {
        deletions.add(Deletion.of(file));
      }
    }
    if (survey.mirror().isEmpty() || deletions.size() < survey.files().size()) {
      return new Plan(survey, deletions, false, due);
    }
    Instant empty = ripe(survey, survey.mirror().get());
    if (!empty.isAfter(now)) {
      return new Plan(survey, deletions, true, due);
    }
    // With a directory in it, it is not what time is waited for.
    boolean waits = survey.mirrorDirectories().isEmpty();
    return new Plan(survey, deletions, false, waits ? Optional.of(empty) : due);
  }

  /** When {@code file} may go; never, if it stays. */
  private Optional<Instant> ripe(MirrorFile file) {
    return switch (file.verdict().state()) {
      case ORPHANED -> Optional.of(file.changed().toInstant().plus(orphanGrace));
      case TEMPORARY ->
          isLeftByUs(file)
              ? Optional.of(Instant.MIN)
              : Optional.of(file.changed().toInstant().plus(temporaryAge));
      case CORRUPT ->
          file.verdict().breaksImports()
              ? Optional.of(file.changed().toInstant().plus(DAMAGE_SETTLES))
              : Optional.empty();
      case FRESH, STALE, UNVERIFIABLE, FOREIGN -> Optional.empty();
    };
  }

  private boolean isLeftByUs(MirrorFile file) {
    return file.meaning() instanceof MirrorName.Temporary temporary
        && temporary.isOwn()
        && file.changed().toInstant().isBefore(soleWriterSince);
  }

  /**
   * When a mirror without files may go: once nobody can still be about to write to it. If it
   * disappears between being made and being written to, an import silently leaves its bytecode
   * unwritten, and {@code py_compile} fails. That has nothing to do with a source that is gone: an
   * {@code orphanGrace} of zero is no reason to hurry.
   */
  private Instant ripe(Survey survey, FileStamp mirror) {
    return survey.sourceProvablyGone()
        ? Instant.MIN
        : mirror.mtime().toInstant().plus(temporaryAge);
  }
}
