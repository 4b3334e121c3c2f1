package io.pycached.apply;

import java.io.IOException;
import java.nio.file.Path;

/** What became of one action of a plan. Paths are absolute. */
public sealed interface Outcome {

  /** {@return the file or directory that the action was about} */
  Path path();

  /**
   * A file was deleted; in a dry run, would be.
   *
   * @param evidence for the reason, in words; may be empty
   */
  record Deleted(Path path, String reason, long bytes, String evidence) implements Outcome {}

  /** An empty mirror directory was removed; in a dry run, would be. */
  record Removed(Path path) implements Outcome {}

  /**
   * A bytecode file was compiled and written; in a dry run, would be.
   *
   * @param evidence that what was there was of no use, in words; empty if nothing was
   */
  record Compiled(Path path, String reason, long bytes, String evidence) implements Outcome {}

  /**
   * A bytecode file was copied from the sources' own; in a dry run, would be.
   *
   * @param evidence that what was there was of no use, in words; empty if nothing was
   */
  record Adopted(Path path, String reason, long bytes, String evidence) implements Outcome {}

  /**
   * There is no bytecode of a source, because its interpreter does not compile it.
   *
   * @param path of the source, as interpreters see it
   * @param message the interpreter's own
   * @param remembered whether it was found out earlier, and the source has not changed since
   */
  record Refused(Path path, String message, boolean remembered) implements Outcome {}

  /** It is no longer what was surveyed, so nothing was done. */
  record Skipped(Path path, String reason) implements Outcome {}

  /** It could not be done. */
  record Failed(Path path, IOException failure) implements Outcome {}
}
