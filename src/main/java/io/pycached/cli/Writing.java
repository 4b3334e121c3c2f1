package io.pycached.cli;

import io.pycached.config.Settings;
import io.pycached.fs.PrefixLock;
import io.pycached.layout.PycachePrefix;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A command that changes the prefix: it does so itself if it can lock it, else the daemon that has.
 *
 * @param command its name
 * @param target of the request to that daemon
 * @param patience how long a daemon may take for it
 * @param unheeded what of the command no daemon is asked for, in one line
 */
record Writing(String command, String target, Duration patience, Optional<String> unheeded) {
  Writing(String command, String target, Duration patience) {
    this(command, target, patience, Optional.empty());
  }

  /** What is done under the lock. */
  interface Work {
    ExitStatus run() throws CommandFailure, IOException;
  }

  /** {@return what came of {@code work}, or of the daemon's} */
  @SuppressWarnings("try") // The lock is held, not used.
  ExitStatus run(Options options, Settings settings, Work work) throws CommandFailure, IOException {
    OwnPrefix.requireIfNeverLocked(settings);
    try (PrefixLock lock =
        PrefixLock.acquire(
            settings.prefix(),
            PycachePrefix.LOCK_FILE,
            "pycached " + command + ", pid " + ProcessHandle.current().pid())) {
      return work.run();
    } catch (PrefixLock.HeldException held) {
      unheeded.ifPresent(options.world().err()::println);
      return new RunningDaemon(settings.admin().socket())
          .post(
              options.world(),
              target,
              options.format(),
              patience,
              String.valueOf(held.getMessage()));
    }
  }
}
