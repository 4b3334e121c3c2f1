package io.pycached.admin;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes each connection on which no request has arrived for a while, however many bytes have.
 *
 * <p>The idle timeout alone is put off by every byte: a client that sends one a second would hold
 * one of the few connections for hours. A request that is being answered may take its time, and who
 * asked has the while to read what was answered.
 */
final class SlowConnections implements Connection.Listener {
  private final Scheduler scheduler;
  private final Duration patience;
  private final Map<Connection, Scheduler.Task> looks = new ConcurrentHashMap<>();

  SlowConnections(Scheduler scheduler, Duration patience) {
    this.scheduler = scheduler;
    this.patience = patience;
  }

  @Override
  public void onOpened(Connection connection) {
    looks.put(connection, lookLater(connection, 0));
  }

  @Override
  public void onClosed(Connection connection) {
    Scheduler.Task look = looks.remove(connection);
    if (look != null) {
      look.cancel();
    }
  }

  private Scheduler.Task lookLater(Connection connection, long messages) {
    return scheduler.schedule(
        () -> look(connection, messages), patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look(Connection connection, long before) {
    long requests = connection.getMessagesIn();
    // Jetty counts an answer before it sends the first byte of it, and "100 Continue" is one, too.
    long answers = connection.getMessagesOut();
    long messages = requests + answers;
    if (messages == before && answers >= requests) {
      connection.getEndPoint().close();
    } else {
      // One that is closed by now must not come back.
      looks.computeIfPresent(connection, (open, last) -> lookLater(open, messages));
    }
  }
}
