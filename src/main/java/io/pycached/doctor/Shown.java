package io.pycached.doctor;

import io.pycached.layout.RawPath;
import java.nio.file.Path;

/** How paths and counts are written in lines and in commands. */
final class Shown {
  private Shown() {}

  /** {@return {@code number} of what is called {@code one} if it is one, else {@code many}} */
  static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  static String line(Path path) {
    return RawPath.display(RawPath.of(path));
  }

  /** {@return {@code path} as one word of a POSIX shell; plain where no quoting is needed} */
  static String word(Path path) {
    return word(line(path));
  }

  static String word(String text) {
    return text.matches("[A-Za-z0-9_@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
