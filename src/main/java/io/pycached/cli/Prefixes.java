package io.pycached.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What a command makes of the prefix it is given. */
final class Prefixes {
  private Prefixes() {}

  /**
   * {@return whether there is a directory at {@code prefix}}
   *
   * @throws CommandFailure if there is something else, or nobody can say
   */
  static boolean exists(Path prefix) throws CommandFailure, IOException {
    try {
      if (Files.readAttributes(prefix, BasicFileAttributes.class).isDirectory()) {
        return true;
      }
      throw new CommandFailure(
          ExitStatus.USAGE, "the prefix " + prefix + " is a file, expected a directory");
    } catch (NoSuchFileException missing) {
      return false;
    } catch (AccessDeniedException denied) {
      throw new CommandFailure(ExitStatus.DENIED, "the prefix " + prefix + ": permission denied");
    }
  }
}
