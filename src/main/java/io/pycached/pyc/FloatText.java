package io.pycached.pyc;

import java.util.regex.Pattern;

/** A float as text, which marshal wrote up to version 1 and still reads. */
final class FloatText {
  /** What {@code PyOS_string_to_double} takes: no blanks, no underscores, no hexadecimals. */
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "[+-]?(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?|nan)",
          Pattern.CASE_INSENSITIVE);

  private FloatText() {}

  /** Reads a length and so many characters; what follows a NUL among them does not count. */
  static void read(MarshalInput in) throws Damage {
    int length = in.u8();
    int start = in.position();
    in.skip(length);
    StringBuilder text = new StringBuilder(length);
    for (int at = start; at < start + length && in.u8At(at) != 0; at++) {
      text.append((char) in.u8At(at));
    }
    if (!GRAMMAR.matcher(text).matches()) {
      throw Damage.malformed("could not convert string to float");
    }
  }
}
