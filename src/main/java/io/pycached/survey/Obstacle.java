package io.pycached.survey;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** What kept a file from being looked at, in words. */
final class Obstacle {
  private Obstacle() {}

  static String of(IOException failure) {
    if (failure instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    if (failure instanceof FileSystemException specific && specific.getReason() != null) {
      return specific.getFile() + ": " + specific.getReason();
    }
    return String.valueOf(failure.getMessage());
  }
}
