package io.pycached.cli;

import io.pycached.layout.RawPath;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** How paths and failures read in a line for the user. */
final class Line {
  private Line() {}

  /** {@return {@code path}, with what is not UTF-8 escaped} */
  static String of(Path path) {
    return RawPath.display(RawPath.of(path));
  }

  /** {@return why, in words} The JDK's own exceptions mostly carry none: their class says it. */
  static String reason(FileSystemException failure) {
    if (failure.getReason() != null) {
      String reason = Objects.requireNonNull(failure.getReason());
      // strerror(3) begins with a capital.
      return reason.substring(0, Math.min(1, reason.length())).toLowerCase(Locale.ROOT)
          + reason.substring(Math.min(1, reason.length()));
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
