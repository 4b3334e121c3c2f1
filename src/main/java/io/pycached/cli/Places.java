package io.pycached.cli;

import io.pycached.report.Failures;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What a command makes of the directories it is given. */
final class Places {
  private Places() {}

  /**
   * {@return whether there is a directory at {@code prefix}}
   *
   * @throws CommandFailure if there is something else, or nobody can say
   */
  static boolean exists(Path prefix) throws CommandFailure, IOException {
    try {
      if (isDirectory(prefix)) {
        return true;
      }
      throw new CommandFailure(
          ExitStatus.USAGE, "the prefix " + Line.of(prefix) + " is a file, expected a directory");
    } catch (NoSuchFileException missing) {
      return false;
    } catch (AccessDeniedException denied) {
      throw new CommandFailure(
          ExitStatus.DENIED, "the prefix " + Line.of(prefix) + ": permission denied");
    }
  }

  /**
   * Makes sure that there is a directory at {@code path}, or at the end of its symbolic links.
   *
   * @param label what the help calls it
   * @throws CommandFailure if there is not
   */
  static void requireDirectory(String label, Path path) throws CommandFailure, IOException {
    String found;
    try {
      if (isDirectory(path)) {
        return;
      }
      found = "a file";
    } catch (NoSuchFileException missing) {
      found = "nothing there";
    } catch (AccessDeniedException denied) {
      throw new CommandFailure(
          ExitStatus.DENIED, label + " " + Line.of(path) + ": permission denied");
    } catch (FileSystemException other) {
      found = "no way to it (" + Failures.reason(other) + ")";
    }
    throw new CommandFailure(
        ExitStatus.USAGE, label + " " + Line.of(path) + ": expected a directory, found " + found);
  }

  private static boolean isDirectory(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
  }
}
