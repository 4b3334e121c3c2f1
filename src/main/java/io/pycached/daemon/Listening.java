package io.pycached.daemon;

import io.pycached.admin.AdminEndpoint;
import io.pycached.config.ListenAddress;
import io.pycached.config.Settings;
import io.pycached.systemd.Surroundings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Optional;

/** Where the daemon can be asked. */
final class Listening {
  private Listening() {}

  /** {@return where the settings say, but for a socket that the service manager has opened} */
  static AdminEndpoint endpoint(Settings.Admin admin, Surroundings surroundings)
      throws IOException {
    Optional<InetSocketAddress> address = Optional.empty();
    if (admin.listen().isPresent()) {
      ListenAddress listen = admin.listen().get();
      address =
          Optional.of(new InetSocketAddress(InetAddress.getByName(listen.host()), listen.port()));
    }
    Optional<Path> inherited = surroundings.isService() ? inheritedSocket() : Optional.empty();
    return new AdminEndpoint(
        inherited.orElse(admin.socket()), inherited.isPresent(), address, admin.admins());
  }

  /**
   * The socket that is standard input: {@code StandardInput=socket} of systemd.exec(5), of which
   * nothing else tells.
   */
  private static Optional<Path> inheritedSocket() throws IOException {
    return System.inheritedChannel() instanceof ServerSocketChannel socket
            && socket.getLocalAddress() instanceof UnixDomainSocketAddress address
        ? Optional.of(address.getPath())
        : Optional.empty();
  }
}
