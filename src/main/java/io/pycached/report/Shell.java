package io.pycached.report;

/** A shell that can be told to set a variable. */
public enum Shell {
  /** POSIX: sh, dash, bash, ksh, zsh. Between single quotes everything but one is itself. */
  SH {
    @Override
    String export(String name, String value) {
      return "export " + name + "='" + value.replace("'", "'\\''") + "'\n";
    }
  },
  /** fish. Between single quotes a backslash quotes a quote and itself. */
  FISH {
    @Override
    String export(String name, String value) {
      String quoted = value.replace("\\", "\\\\").replace("'", "\\'");
      return "set -gx " + name + " '" + quoted + "'\n";
    }
  };

  /**
   * {@return what the shell evaluates to have {@code name} in its environment, and in that of what
   * it starts}
   *
   * @param value any characters but NUL; raw, when bytes have to survive
   */
  abstract String export(String name, String value);
}
