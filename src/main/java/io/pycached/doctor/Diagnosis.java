package io.pycached.doctor;

import java.util.Optional;

/**
 * One thing that a check found.
 *
 * @param check its name
 * @param found one line
 * @param mend the command that mends it, for a shell; nothing if there is nothing to mend, or no
 *     one command does
 */
public record Diagnosis(String check, Severity severity, String found, Optional<String> mend) {

  static Diagnosis ok(Check check, String found) {
    return new Diagnosis(check.name(), Severity.OK, found, Optional.empty());
  }

  static Diagnosis warning(Check check, String found, String mend) {
    return new Diagnosis(check.name(), Severity.WARNING, found, Optional.of(mend));
  }

  static Diagnosis warning(Check check, String found) {
    return new Diagnosis(check.name(), Severity.WARNING, found, Optional.empty());
  }

  static Diagnosis problem(Check check, String found, String mend) {
    return new Diagnosis(check.name(), Severity.PROBLEM, found, Optional.of(mend));
  }

  static Diagnosis problem(Check check, String found) {
    return new Diagnosis(check.name(), Severity.PROBLEM, found, Optional.empty());
  }

  static Diagnosis unknown(Check check, String found) {
    return new Diagnosis(check.name(), Severity.UNKNOWN, found, Optional.empty());
  }
}
