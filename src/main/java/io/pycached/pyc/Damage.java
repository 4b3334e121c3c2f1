package io.pycached.pyc;

import org.jspecify.annotations.Nullable;

/**
 * Ends the reading of a body that no interpreter would load, or that would take more memory here
 * than it may. It never leaves the package, and it carries no stack trace: what it says is about
 * the bytes.
 */
final class Damage extends Exception {
  private static final long serialVersionUID = 1L;

  /** Nothing if it is no damage after all, but too much. */
  private final @Nullable Defect defect;

  private Damage(@Nullable Defect defect, String detail) {
    super(detail, null, false, false);
    this.defect = defect;
  }

  static Damage truncated(String detail) {
    return new Damage(Defect.TRUNCATED_BODY, detail);
  }

  static Damage malformed(String detail) {
    return new Damage(Defect.MALFORMED_BODY, detail);
  }

  static Damage tooMuch(String detail) {
    return new Damage(null, detail);
  }

  Body at(int offset) {
    String detail = String.valueOf(getMessage());
    return defect == null ? new Body.Unchecked(detail) : new Body.Damaged(defect, detail, offset);
  }
}
