package io.pycached.cli;

import io.pycached.admin.AdminClient;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The short way to the daemon's status.
 *
 * <p>The one command that people run in a loop: it is parsed by hand and touches neither picocli
 * nor TOML, each of which costs more than the request. Whatever it does not know, help included, is
 * left to the slow path.
 */
final class FastStatus {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int OK = 200;

  private FastStatus() {}

  /**
   * {@return the exit status, or -1 if the arguments are not plain enough}
   *
   * @param arguments raw, with the command's name first
   */
  static int tryFast(String[] arguments, World world) {
    if (arguments.length == 0 || !arguments[0].equals("status")) {
      return -1;
    }
    String socket = "";
    boolean json = false;
    for (int i = 1; i < arguments.length; i++) {
      boolean last = i == arguments.length - 1;
      if (arguments[i].equals("--socket") && !last) {
        socket = arguments[++i];
        if (socket.isEmpty()) {
          return -1;
        }
      } else if ((arguments[i].equals("-o") || arguments[i].equals("--output")) && !last) {
        i++;
        if (!arguments[i].equals("json") && !arguments[i].equals("text")) {
          return -1;
        }
        json = arguments[i].equals("json");
      } else {
        return -1;
      }
    }
    return ask(socket, json, world).code();
  }

  static ExitStatus ask(String socket, boolean json, World world) {
    try {
      Path path =
          socket.isEmpty()
              ? Locations.socket(world)
              : world
                  .workingDirectory()
                  .resolve(RawPath.toPath(world.workingDirectory().getFileSystem(), socket));
      AdminClient.Reply reply =
          AdminClient.get(path, "/v1/status", json ? "application/json" : "text/plain", PATIENCE);
      if (reply instanceof AdminClient.NoDaemon none) {
        world.err().println("no daemon answers: ".concat(none.line()));
        world.err().flush();
        return ExitStatus.NO_DAEMON;
      }
      if (reply instanceof AdminClient.Denied denied) {
        world.err().println(denied.line());
        world.err().flush();
        return ExitStatus.DENIED;
      }
      AdminClient.Response response = (AdminClient.Response) reply;
      world.out().print(response.body());
      world.out().flush();
      return response.status() == OK && response.state().equals("ready")
          ? ExitStatus.OK
          : ExitStatus.FINDINGS;
    } catch (IOException failed) {
      world.err().println("no usable answer: ".concat(String.valueOf(failed.getMessage())));
      world.err().flush();
      return ExitStatus.NO_DAEMON;
    }
  }
}
