package io.pycached.admin;

import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** Who sent a request, as far as the kernel knows. */
sealed interface Peer {
  /** {@return whether this peer is one of {@code admins}} */
  boolean isOneOf(Admins admins) throws IOException;

  /** Somebody who connected over TCP: any user, or any program that forwards ports. */
  record Loopback() implements Peer {
    @Override
    public boolean isOneOf(Admins admins) {
      return false;
    }
  }

  /** The process at the other end of a Unix socket. */
  record Local(SocketChannel channel) implements Peer {
    private static final SocketOption<UnixDomainPrincipal> CREDENTIALS =
        ExtendedSocketOptions.SO_PEERCRED;

    /** Asks the kernel for the user that connected; the JDK looks up the name, which may block. */
    @Override
    public boolean isOneOf(Admins admins) throws IOException {
      UserPrincipal user = channel.getOption(CREDENTIALS).user();
      return admins.contains(user);
    }
  }
}
