package io.pycached.pyc;

/**
 * Ends the reading of a body that no interpreter would load. It never leaves the package, and it
 * carries no stack trace: what it says is about the bytes.
 */
final class Damage extends Exception {
  private static final long serialVersionUID = 1L;

  private final Defect defect;

  private Damage(Defect defect, String detail) {
    super(detail, null, false, false);
    this.defect = defect;
  }

  static Damage truncated(String detail) {
    return new Damage(Defect.TRUNCATED_BODY, detail);
  }

  static Damage malformed(String detail) {
    return new Damage(Defect.MALFORMED_BODY, detail);
  }

  Body.Damaged at(int offset) {
    return new Body.Damaged(defect, String.valueOf(getMessage()), offset);
  }
}
