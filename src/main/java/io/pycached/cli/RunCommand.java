package io.pycached.cli;

import io.pycached.config.ConfigException;
import io.pycached.daemon.Daemon;
import io.pycached.fs.PrefixLock;
import io.pycached.systemd.Surroundings;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pycached run}: the daemon, in the foreground, until it is told to stop. */
final class RunCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

  @Override
  public CommandSpec spec() {
    return Options.command(
            "run", "Runs the daemon in the foreground. SIGHUP reloads, SIGTERM stops.")
        .addOption(Options.prefix())
        .addOption(Options.config())
        .addOption(Options.socket())
        .addPositional(
            Options.positional("DIR", "0..*", "Source trees (default: the configured projects)."));
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Logging.configure(options.world());
    CompletableFuture<Void> told = new CompletableFuture<>();
    // Before there is anything to stop: a daemon that is told to while it starts is stopped then.
    Signals.onStop(() -> told.complete(null));
    Daemon daemon = start(options);
    Signals.onHangUp(daemon::reload);
    told.join();
    try {
      daemon.close();
    } catch (IOException failed) {
      log.warn("while stopping: {}", failed.toString());
    }
    return ExitStatus.OK;
  }

  private static Daemon start(Options options) throws CommandFailure, IOException {
    try {
      return Daemon.start(
          options.settingsSource(),
          settings -> InterpreterSearch.of(options.world(), settings),
          Version.number(),
          Surroundings.of(options.world().environment(), ProcessHandle.current().pid()),
          options.world().clock());
    } catch (ConfigException wrong) {
      throw Options.failure(wrong);
    } catch (PrefixLock.HeldException | BindException inUse) {
      throw new CommandFailure(ExitStatus.FINDINGS, String.valueOf(inUse.getMessage()));
    } catch (NotDirectoryException file) {
      throw new CommandFailure(
          ExitStatus.USAGE, "the prefix " + file.getFile() + " is a file, expected a directory");
    }
  }
}
