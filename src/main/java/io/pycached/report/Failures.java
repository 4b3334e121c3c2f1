package io.pycached.report;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** How failures read in a line for people. */
public final class Failures {
  private Failures() {}

  /** {@return why, in words} The JDK's own exceptions mostly carry none: their class says it. */
  public static String reason(IOException failure) {
    if (!(failure instanceof FileSystemException file)) {
      String message = failure.getMessage();
      return message != null ? message : failure.getClass().getSimpleName();
    }
    String reason = file.getReason();
    if (reason != null && !reason.isEmpty()) {
      // strerror(3) begins with a capital.
      return reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
    }
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NotDirectoryException) {
      return "not a directory";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "it exists already";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "the directory is not empty";
    }
    if (failure instanceof FileSystemLoopException) {
      return "symbolic links that lead in a circle";
    }
    return failure.getClass().getSimpleName();
  }
}
