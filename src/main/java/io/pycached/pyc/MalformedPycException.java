package io.pycached.pyc;

/**
 * Bytes that are not the header of a bytecode file. The message says what was expected and found.
 * It carries no stack trace: a damaged tree may hold a hundred thousand of them.
 */
public final class MalformedPycException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  private final Defect defect;

  MalformedPycException(Defect defect, String message) {
    super(message, null, false, false);
    this.defect = defect;
  }

  /** {@return what is wrong with the header} */
  public Defect defect() {
    return defect;
  }
}
