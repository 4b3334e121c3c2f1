package io.pycached.admin;

import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.TreeSet;

/** Which addresses may be listened on, and by which {@code Host} fields they may be asked. */
final class LoopbackHosts {
  private LoopbackHosts() {}

  /** Refuses an address that other machines can reach. */
  static void requireLoopback(InetSocketAddress address) throws BindException {
    if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
      throw new BindException(address + " is not a loopback address");
    }
  }

  /** {@return every {@code Host} that means {@code address} on {@code port} and no DNS name} */
  static Set<String> hosts(InetSocketAddress address, int port) {
    String literal = address.getAddress().getHostAddress();
    String own = address.getAddress() instanceof Inet6Address ? "[::1]" : literal;
    Set<String> hosts = new TreeSet<>();
    for (String host : new String[] {"127.0.0.1", "localhost", "[::1]", own}) {
      hosts.add(host + ":" + port);
    }
    return Set.copyOf(hosts);
  }
}
