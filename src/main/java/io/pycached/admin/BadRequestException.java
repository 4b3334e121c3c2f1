package io.pycached.admin;

/** A query or body that is not what a route takes. */
final class BadRequestException extends Exception {
  private static final long serialVersionUID = 1;

  private final String line;

  BadRequestException(String line) {
    super(line);
    this.line = line;
  }

  /** {@return what is wrong with it, for the client} */
  String line() {
    return line;
  }
}
