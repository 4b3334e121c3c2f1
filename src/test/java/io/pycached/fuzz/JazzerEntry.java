package io.pycached.fuzz;

import java.util.Objects;

/** What Jazzer calls, for the target that a system property names. */
public final class JazzerEntry {
  private static final Target TARGET =
      Objects.requireNonNull(Target.ALL.get(System.getProperty("pycached.fuzz.target", "marshal")));

  private JazzerEntry() {}

  /** Tries an input; Jazzer keeps those that reach new code, and reports what is thrown. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    TARGET.outcome(input);
  }
}
