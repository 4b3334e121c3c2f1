package io.pycached.doctor;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/**
 * What all checks found, in their order.
 *
 * @param diagnoses at least one for each check
 */
public record Examination(List<Diagnosis> diagnoses) {
  public Examination {
    diagnoses = List.copyOf(diagnoses);
  }

  /** {@return what {@code checks} find, one after the other} */
  public static Examination of(List<Check> checks) {
    List<Diagnosis> diagnoses = new ArrayList<>();
    for (Check check : checks) {
      try {
        diagnoses.addAll(check.look());
      } catch (IOException failed) {
        diagnoses.add(Diagnosis.unknown(check, "cannot be looked at: " + reason(failed)));
      }
    }
    return new Examination(diagnoses);
  }

  private static String reason(IOException failed) {
    if (failed instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    if (failed instanceof NoSuchFileException missing) {
      return missing.getFile() + ": no such file";
    }
    return failed instanceof FileSystemException file
        ? file.getFile() + ": " + file.getReason()
        : String.valueOf(failed.getMessage());
  }

  /** {@return whether somebody should do something} */
  public boolean isAmiss() {
    return diagnoses.stream().anyMatch(diagnosis -> diagnosis.severity().isAmiss());
  }
}
