package io.pycached.admin;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the admin endpoint listens, and who may write.
 *
 * @param socket the file of the Unix socket, absolute
 * @param inherited whether the service manager listens on it already, and has made that this
 *     process's standard input: see {@link System#inheritedChannel}
 * @param listen the loopback address for metrics and the status page; port 0 takes a free one
 * @param admins the users, beside root and the daemon's own, that may write: names or numeric ids
 */
public record AdminEndpoint(
    Path socket, boolean inherited, Optional<InetSocketAddress> listen, List<String> admins) {
  /** Copies the list and rejects a relative socket path. */
  public AdminEndpoint {
    if (!socket.isAbsolute()) {
      throw new IllegalArgumentException("not an absolute path: " + socket);
    }
    admins = List.copyOf(admins);
  }

  /** One whose socket the server makes. */
  public AdminEndpoint(Path socket, Optional<InetSocketAddress> listen, List<String> admins) {
    this(socket, false, listen, admins);
  }
}
