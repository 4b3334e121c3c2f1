package io.pycached.pyc;

/** The verdict on the body of a bytecode file: what {@code marshal.loads} would make of it. */
public sealed interface Body {
  /**
   * A body that loads.
   *
   * @param code the module's code object
   * @param trailingBytes how many bytes follow it, which no interpreter looks at
   */
  record Intact(CodeSummary code, long trailingBytes) implements Body {}

  /**
   * A body that makes every import fail, because importlib never falls back to the source once it
   * has accepted the header.
   *
   * @param defect {@link Defect#TRUNCATED_BODY}, {@link Defect#MALFORMED_BODY} or {@link
   *     Defect#NOT_CODE}
   * @param detail what was expected or found, mostly in marshal's words
   * @param offset where in the body reading stopped
   */
  record Damaged(Defect defect, String detail, long offset) implements Body {}

  /**
   * A body in a dialect that is not known here, or one that is too much to be checked.
   *
   * @param why which dialect, or too much of what
   */
  record Unchecked(String why) implements Body {}
}
