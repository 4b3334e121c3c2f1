package io.pycached.compile;

/** What came of a {@link CompileRequest}. */
public sealed interface Compiled {

  /**
   * It compiled.
   *
   * @param body the marshalled code object: a {@code .pyc} without its header
   */
  @SuppressWarnings("ArrayRecordComponent") // The bytes are carried; nobody compares results.
  record Code(byte[] body) implements Compiled {}

  /**
   * The interpreter refuses it, and will until it changes.
   *
   * @param message one line; the interpreter's own, {@code "SyntaxError: invalid syntax (broken.py,
   *     line 3)"}, or which bound it exceeds
   */
  record Refused(String message) implements Compiled {}

  /** It ended a worker, now or before, and has not changed since. */
  record Quarantined(String reason) implements Compiled {}

  /**
   * Nothing is known of the source: no worker could be had.
   *
   * @param reason one line
   */
  record Failed(Cause cause, String reason) implements Compiled {}

  /** Why no worker could be had. */
  enum Cause {
    /** None started, or none answered in time. Tried again after a while. */
    START,
    /** The interpreter is not the one that was asked: see {@link Interpreters#forget}. */
    CHANGED,
    /** A worker answered what is no answer. */
    PROTOCOL,
    /** The compilers were closed. */
    CLOSED
  }
}
