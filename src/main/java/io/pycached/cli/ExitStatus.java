package io.pycached.cli;

/** What a command says of its outcome to a script. */
enum ExitStatus {
  /** Done, nothing amiss. */
  OK(0),
  /** Something was found, or work failed for some files. */
  FINDINGS(1),
  /** The command line or the configuration is wrong. */
  USAGE(2),
  /** No daemon answers. */
  NO_DAEMON(3),
  /** Permission denied. */
  DENIED(4);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
