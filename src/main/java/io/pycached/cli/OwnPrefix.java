package io.pycached.cli;

import io.pycached.config.Settings;
import io.pycached.config.Writers;
import io.pycached.layout.PycachePrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Sees to it that what a command makes in a prefix is its keeper's: root may write to the prefix of
 * a service's user, who could then neither replace nor delete it.
 */
final class OwnPrefix {
  private static final int ROOT = 0;

  private OwnPrefix() {}

  /**
   * Before the lock is tried for: where there is no file for it, root's would keep the prefix's
   * user from ever holding it.
   *
   * @throws CommandFailure if that is so
   */
  static void requireIfNeverLocked(Settings settings) throws CommandFailure, IOException {
    Path lock = settings.prefix().resolve(PycachePrefix.LOCK_FILE);
    if (!Files.exists(lock, LinkOption.NOFOLLOW_LINKS)) {
      require(settings);
    }
  }

  /**
   * @throws CommandFailure if this is root, and the prefix another user's
   */
  static void require(Settings settings) throws CommandFailure, IOException {
    Path prefix = settings.prefix();
    if (settings.trust().writers() == Writers.DAEMON
        && user(Path.of("/proc/self")) == ROOT
        && user(prefix) != ROOT) {
      String owner = Files.getOwner(prefix).getName();
      throw new CommandFailure(
          ExitStatus.DENIED,
          "%s belongs to %s, who could not change what root makes in it: start the daemon, or put runuser -u %s -- before the command"
              .formatted(Line.of(prefix), owner, owner));
    }
  }

  private static int user(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:uid");
  }
}
