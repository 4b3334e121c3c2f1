package io.pycached.cli;

import io.pycached.layout.RawPath;
import java.nio.file.Path;

/** How paths read in a line for the user. */
final class Line {
  private Line() {}

  /** {@return {@code path}, with what is not UTF-8 escaped} */
  static String of(Path path) {
    return RawPath.display(RawPath.of(path));
  }
}
