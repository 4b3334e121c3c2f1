package io.pycached.cli;

import io.pycached.config.Settings;
import io.pycached.config.Writers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Sees to it that what a command makes in a prefix is its keeper's: root may write to the prefix of
 * a service's user, who could then neither replace nor delete it.
 */
final class OwnPrefix {
  private static final String USER = "unix:uid";

  private OwnPrefix() {}

  /**
   * @throws CommandFailure if the prefix is another user's alone
   */
  static void require(Settings settings) throws CommandFailure, IOException {
    Path prefix = settings.prefix();
    if (settings.trust().writers() == Writers.DAEMON
        && !Files.getAttribute(prefix, USER)
            .equals(Files.getAttribute(Path.of("/proc/self"), USER))) {
      String owner = Files.getOwner(prefix).getName();
      throw new CommandFailure(
          ExitStatus.DENIED,
          "%s belongs to %s, who could not change what another user makes in it: start the daemon, or put runuser -u %s -- before the command"
              .formatted(Line.of(prefix), owner, owner));
    }
  }
}
