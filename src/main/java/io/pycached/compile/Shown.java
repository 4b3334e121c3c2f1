package io.pycached.compile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** What a child wrote, for people: one line without control characters. */
final class Shown {
  private static final int MAX_BYTES = 40;

  private Shown() {}

  static String line(String text) {
    return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " | ").replaceAll("\\p{Cntrl}", "?");
  }

  /** {@return the beginning of bytes that nobody understands} */
  static String bytes(byte[] bytes) {
    int length = Math.min(bytes.length, MAX_BYTES);
    String text = new String(bytes, 0, length, ISO_8859_1).replaceAll("[^\\x20-\\x7e]", "?");
    return "\"" + text + "\"" + (length < bytes.length ? "…" : "");
  }
}
