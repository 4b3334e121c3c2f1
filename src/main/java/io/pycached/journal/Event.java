package io.pycached.journal;

import io.pycached.apply.Outcome;
import io.pycached.layout.MirrorName;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.RawPath;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A change that was made in a prefix.
 *
 * @param path of the file or directory that was changed, absolute
 * @param source that the bytecode is of, as interpreters see it; nothing if the name does not tell
 * @param project the name of the project that the file belongs to
 * @param reason in one word, as the verdicts have it
 * @param bytes in the file that was deleted or made
 * @param evidence for the reason, in words; may be empty
 */
public record Event(
    Instant at,
    Action action,
    Path path,
    Optional<Path> source,
    String project,
    String reason,
    long bytes,
    String evidence)
    implements Entry {

  /** What was done. */
  public enum Action {
    /** A file was deleted. */
    DELETE,
    /** An empty directory was removed. */
    REMOVE,
    /** A file was compiled, in the place of an old one or of none. */
    COMPILE,
    /** A file was copied from the sources' own, in the place of an old one or of none. */
    ADOPT;

    /** {@return its name in JSON} */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Action> of(String label) {
      return Arrays.stream(values()).filter(action -> action.label().equals(label)).findFirst();
    }
  }

  /**
   * {@return the event that {@code outcome} is; nothing if the prefix is as it was before}
   *
   * @param outcome of an action that was carried out
   */
  public static Optional<Event> of(
      Instant at, PycachePrefix prefix, String project, Outcome outcome) {
    Path path = outcome.path();
    if (outcome instanceof Outcome.Removed) {
      return Optional.of(
          new Event(at, Action.REMOVE, path, Optional.empty(), project, "empty", 0, ""));
    }
    Optional<Path> source = source(prefix, path);
    if (outcome instanceof Outcome.Deleted gone) {
      return Optional.of(
          new Event(
              at,
              Action.DELETE,
              path,
              source,
              project,
              gone.reason(),
              gone.bytes(),
              gone.evidence()));
    }
    if (outcome instanceof Outcome.Compiled made) {
      return Optional.of(
          new Event(
              at,
              Action.COMPILE,
              path,
              source,
              project,
              made.reason(),
              made.bytes(),
              made.evidence()));
    }
    return outcome instanceof Outcome.Adopted copied
        ? Optional.of(
            new Event(
                at,
                Action.ADOPT,
                path,
                source,
                project,
                copied.reason(),
                copied.bytes(),
                copied.evidence()))
        : Optional.empty();
  }

  private static Optional<Path> source(PycachePrefix prefix, Path path) {
    Path mirror = path.getParent();
    if (mirror != null
        && MirrorName.parse(RawPath.of(path.getFileName()))
            instanceof MirrorName.Bytecode bytecode) {
      Path name = RawPath.toPath(path.getFileSystem(), bytecode.likeliestSourceName());
      return prefix.directoryOf(mirror).map(directory -> directory.resolve(name));
    }
    return Optional.empty();
  }
}
