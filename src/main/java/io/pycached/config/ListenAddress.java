package io.pycached.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A loopback address and port.
 *
 * @param host {@code 127.0.0.1}, {@code ::1} or {@code localhost}
 * @param port 0 (any free port) to 65535
 */
public record ListenAddress(String host, int port) {

  private static final int MAX_PORT = 65_535;
  private static final Pattern HOST_PORT =
      Pattern.compile("(127\\.0\\.0\\.1|\\[::1]|localhost):([0-9]{1,5})");

  /** An address that only this machine can reach. */
  public ListenAddress {
    if (!host.equals("127.0.0.1") && !host.equals("::1") && !host.equals("localhost")) {
      throw new IllegalArgumentException("not a loopback host: " + host);
    }
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }

  static Optional<ListenAddress> parse(String text) {
    Matcher matcher = HOST_PORT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int port = Integer.parseInt(matcher.group(2));
    if (port > MAX_PORT) {
      return Optional.empty();
    }
    String host = matcher.group(1);
    return Optional.of(new ListenAddress(host.equals("[::1]") ? "::1" : host, port));
  }

  /** {@return {@code HOST:PORT}, with brackets around an IPv6 host} */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
