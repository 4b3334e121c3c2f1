package io.pycached.cli;

import io.pycached.admin.AdminClient;
import io.pycached.admin.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The daemon at the other end of a socket.
 *
 * @param socket its admin socket
 */
record RunningDaemon(Path socket) {
  private static final int OK = 200;
  private static final int FORBIDDEN = 403;

  /**
   * Sends a write request and prints the answer.
   *
   * @param why why the daemon is asked, for the user who finds that it does not answer
   */
  ExitStatus post(World world, String target, Options.Output format, Duration patience, String why)
      throws CommandFailure, IOException {
    AdminClient.Response response = ask(target, format, patience, why);
    world.out().print(response.body());
    world.out().flush();
    return response.status() == OK ? ExitStatus.OK : ExitStatus.FINDINGS;
  }

  /** {@return the answer to a write request that was done, perhaps in part; see {@link #post}} */
  AdminClient.Response ask(String target, Options.Output format, Duration patience, String why)
      throws CommandFailure, IOException {
    AdminClient.Reply reply = AdminClient.post(socket, target, accept(format), "{}", patience);
    AdminClient.Response response = response(reply, why);
    if (response.status() == FORBIDDEN) {
      throw new CommandFailure(ExitStatus.DENIED, response.body().strip());
    }
    if (response.status() != OK && response.status() != Answer.PARTLY) {
      throw new CommandFailure(
          ExitStatus.FINDINGS, "the daemon answered: " + response.body().strip());
    }
    return response;
  }

  private AdminClient.Response response(AdminClient.Reply reply, String why) throws CommandFailure {
    if (reply instanceof AdminClient.NoDaemon none) {
      throw new CommandFailure(
          ExitStatus.NO_DAEMON, why + ", and no daemon answers: " + none.line());
    }
    if (reply instanceof AdminClient.Denied denied) {
      throw new CommandFailure(ExitStatus.DENIED, denied.line());
    }
    return (AdminClient.Response) reply;
  }

  private static String accept(Options.Output format) {
    return format == Options.Output.JSON ? "application/json" : "text/plain";
  }
}
