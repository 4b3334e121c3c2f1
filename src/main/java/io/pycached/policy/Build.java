package io.pycached.policy;

import io.pycached.layout.Variant;
import io.pycached.survey.MirrorFile;
import java.nio.file.Path;
import java.util.Optional;

/** One bytecode file that is to be made, and put where an old one may be. */
public sealed interface Build {

  /** {@return the file's name in the mirror} */
  Path name();

  /** {@return why, in one word: a verdict's reason, {@code missing} or {@code same-second}} */
  String reason();

  /** {@return what it takes the place of} */
  Optional<MirrorFile> replaced();

  /** {@return the evidence that what it takes the place of is of no use; empty if nothing is} */
  default String evidence() {
    return replaced().map(MirrorFile::evidence).orElse("");
  }

  /**
   * Copied from the source directory's own {@code __pycache__}.
   *
   * @param file as it was surveyed there
   */
  record Adoption(MirrorFile file, String reason, Optional<MirrorFile> replaced) implements Build {
    @Override
    public Path name() {
      return file.name();
    }
  }

  /**
   * Compiled from its source.
   *
   * @param source the source's name
   */
  record Compilation(
      Path name, Path source, Variant variant, String reason, Optional<MirrorFile> replaced)
      implements Build {}
}
