package io.pycached.cli;

/** Ends a command with one line for the user and an exit status. */
final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitStatus status;

  CommandFailure(ExitStatus status, String line) {
    super(line);
    this.status = status;
  }

  ExitStatus status() {
    return status;
  }
}
