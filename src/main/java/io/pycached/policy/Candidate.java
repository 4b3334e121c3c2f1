package io.pycached.policy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;

/**
 * A file that may be evicted. The least goes first: by its kind, then the one that was not used for
 * longest, then by path.
 *
 * @param used when it was last used, as far as is known
 * @param path absolute
 * @param bytes on disk that evicting it frees
 */
public record Candidate(Kind kind, Instant used, Path path, long bytes)
    implements Comparable<Candidate> {
  private static final Comparator<Candidate> ORDER =
      Comparator.comparing(Candidate::kind)
          .thenComparing(Candidate::used)
          .thenComparing(Candidate::path);

  /** What speaks for letting a file go, the strongest first. */
  public enum Kind {
    TEMPORARY,
    CORRUPT,
    ORPHANED,
    /** Its magic number is one that no interpreter here writes, or accepts. */
    UNWRITTEN_MAGIC,
    /** Nobody can have used it since the grace period began. */
    UNUSED,
    /** The mount's clock of use does not tell whether somebody did. */
    PERHAPS_USED
  }

  @Override
  public int compareTo(Candidate other) {
    return ORDER.compare(this, other);
  }
}
