package io.pycached.admin;

import java.util.regex.Pattern;

/** A query or body that is not what a route takes. */
final class BadRequestException extends Exception {
  private static final long serialVersionUID = 1;

  /** What would end the line, or command a terminal; names that a client sends may hold it. */
  private static final Pattern CONTROLS = Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f]");

  private final String line;

  BadRequestException(String line) {
    super(line);
    this.line = CONTROLS.matcher(line).replaceAll("?");
  }

  /** {@return what is wrong with it, for the client} */
  String line() {
    return line;
  }
}
