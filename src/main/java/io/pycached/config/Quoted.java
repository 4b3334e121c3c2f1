package io.pycached.config;

/** Text of unknown content as it may stand in a message: on one line and without control codes. */
final class Quoted {

  /** Characters shown of a text; the rest becomes an ellipsis. */
  private static final int MAX_SHOWN = 80;

  private Quoted() {}

  static String text(String text) {
    return '"' + shown(text) + '"';
  }

  static String word(String word) {
    return '\'' + shown(word) + '\'';
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        escaped.append(String.format("\\u%04x", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String shown(String text) {
    if (text.codePointCount(0, text.length()) <= MAX_SHOWN) {
      return escape(text);
    }
    return escape(text.substring(0, text.offsetByCodePoints(0, MAX_SHOWN))) + "…";
  }
}
