package io.pycached.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.SelectorManager;

/**
 * Closes at once every connection beyond a bound.
 *
 * <p>Not Jetty's {@code NetworkConnectionLimit}: that stops accepting, which a {@code
 * UnixDomainServerConnector} without acceptor threads ignores (12.1.10). Each connector has its own
 * bound, so that whoever fills up the TCP port does not lock out the Unix socket.
 */
final class ConnectionBound implements SelectorManager.AcceptListener {
  private final int limit;
  private final Set<SelectableChannel> open = ConcurrentHashMap.newKeySet();

  ConnectionBound(int limit) {
    this.limit = limit;
  }

  @Override
  public void onAccepting(SelectableChannel channel) {
    if (open.size() >= limit) {
      try {
        // The selector then fails to register it, without a log line.
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return;
    }
    open.add(channel);
  }

  @Override
  public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
    open.remove(channel);
  }

  @Override
  public void onClosed(SelectableChannel channel) {
    open.remove(channel);
  }
}
