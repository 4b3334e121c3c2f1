package io.pycached.clean;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What became of one {@code __pycache__} directory; in a dry run, what would.
 *
 * @param path of the directory, below the tree's root as it was named
 * @param files how many files were deleted
 * @param bytes how many bytes they had
 * @param adopted those of them that lie in the prefix now
 * @param adoptedBytes how many bytes these have
 * @param removed whether the directory itself is gone, too
 * @param kept what stays, in order
 * @param failures what could not be done, in order
 */
public record Cleaned(
    Path path,
    long files,
    long bytes,
    long adopted,
    long adoptedBytes,
    boolean removed,
    List<Kept> kept,
    List<Failure> failures) {

  /** Values with their own copies of the lists. */
  public Cleaned {
    kept = List.copyOf(kept);
    failures = List.copyOf(failures);
  }

  /** Something that stays where it is. */
  public record Kept(Path path, String reason) {}

  /** Something that could not be done. */
  public record Failure(Path path, IOException cause) {}
}
