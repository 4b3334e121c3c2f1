package io.pycached.cli;

import io.pycached.admin.AdminClient;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
  private static final String ALIVE = "alive";

  /** What {@code --check} takes. */
  static final List<String> PROBES = List.of(ALIVE, "ready");

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
    String probe = "";
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
      } else if (arguments[i].equals("--check") && !last) {
        probe = arguments[++i];
        if (!PROBES.contains(probe)) {
          return -1;
        }
      } else {
        return -1;
      }
    }
    return (probe.isEmpty() ? ask(socket, json, world) : probe(socket, probe, world)).code();
  }

  /** Prints the status; that something is amiss, the exit status tells. */
  static ExitStatus ask(String socket, boolean json, World world) {
    return answer(socket, "/v1/status", json ? "application/json" : "text/plain", world);
  }

  /**
   * Asks one yes or no: whether it is alive, or ready. That something is amiss does not matter.
   *
   * @param probe one of {@link #PROBES}
   */
  static ExitStatus probe(String socket, String probe, World world) {
    return answer(socket, probe.equals(ALIVE) ? "/healthz" : "/readyz", "text/plain", world);
  }

  private static ExitStatus answer(String socket, String target, String accept, World world) {
    try {
      Path path =
          socket.isEmpty()
              ? Locations.socket(world)
              : world
                  .workingDirectory()
                  .resolve(RawPath.toPath(world.workingDirectory().getFileSystem(), socket));
      AdminClient.Reply reply = AdminClient.get(path, target, accept, PATIENCE);
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
      boolean amiss = target.equals("/v1/status") && !response.state().equals("ready");
      return response.status() == OK && !amiss ? ExitStatus.OK : ExitStatus.FINDINGS;
    } catch (IOException failed) {
      world.err().println("no usable answer: ".concat(String.valueOf(failed.getMessage())));
      world.err().flush();
      return ExitStatus.NO_DAEMON;
    }
  }
}
