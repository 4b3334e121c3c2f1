package io.pycached.doctor;

import java.util.Locale;

/** How bad what was found is. */
public enum Severity {
  /** As it should be. */
  OK,
  /** It works, but not as well as it could, or not for everybody. */
  WARNING,
  /** Something does not work, or is not safe. */
  PROBLEM,
  /** It could not be looked at. */
  UNKNOWN;

  /** {@return its name in JSON} */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@return whether somebody should do something} */
  public boolean isAmiss() {
    return this == WARNING || this == PROBLEM;
  }
}
