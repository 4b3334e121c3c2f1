package io.pycached.policy;

/** Which bytecode is made ahead of the interpreter that will ask for it. */
public enum Warmth {
  /** None: interpreters write their own. */
  NONE,
  /** What has been there before, or lies in the sources' own {@code __pycache__}. */
  OBSERVED,
  /** That of every source. */
  ALL
}
