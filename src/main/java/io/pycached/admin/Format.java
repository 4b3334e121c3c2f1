package io.pycached.admin;

import java.util.Locale;

/** The form in which a client wants an answer, from its {@code Accept} field (RFC 9110, 12.5.1). */
public enum Format {
  /** For programs; what a client gets that does not say. */
  JSON,
  /** For people: what the command line prints. */
  TEXT;

  /** {@return text where {@code accept} names {@code text/plain} and does not prefer JSON to it} */
  static Format of(String accept) {
    double text = 0;
    double json = 0;
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = range.split(";", -1);
      switch (parts[0].strip()) {
        case "text/plain" -> text = Math.max(text, quality(parts));
        case "application/json" -> json = Math.max(json, quality(parts));
        default -> {
          // A wildcard is content with JSON.
        }
      }
    }
    return text > 0 && text >= json ? TEXT : JSON;
  }

  private static double quality(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2));
        } catch (NumberFormatException malformed) {
          return 0;
        }
      }
    }
    return 1;
  }
}
