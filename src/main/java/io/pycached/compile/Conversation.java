package io.pycached.compile;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An exchange of bytes with a child in the calling thread, which an interrupt or a time limit ends
 * by ending the child: a process's pipes know neither. Belongs to one thread at a time.
 */
final class Conversation extends AbstractInterruptibleChannel {
  private final Child child;
  private final Watchdog watchdog;

  Conversation(Child child, Watchdog watchdog) {
    this.child = child;
    this.watchdog = watchdog;
  }

  /** What is said and heard. */
  interface Exchange<T> {
    T run() throws IOException;
  }

  /**
   * {@return what the exchange brought}
   *
   * @throws TimeoutException if it took longer than {@code limit}; the child is ended
   * @throws InterruptedException if this thread was interrupted; the child is ended
   */
  <T> T hold(Exchange<T> exchange, Duration limit)
      throws IOException, TimeoutException, InterruptedException {
    AtomicBoolean late = new AtomicBoolean();
    Future<?> end =
        watchdog.after(
            limit,
            () -> {
              late.set(true);
              child.kill();
            });
    try {
      T result = interruptibly(exchange);
      // The end of what an ended child says looks like the end of an answer.
      if (late.get()) {
        throw timeout(limit);
      }
      return result;
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      throw new InterruptedException("interrupted while a child was at work");
    } catch (IOException e) {
      if (late.get()) {
        throw timeout(limit);
      }
      throw e;
    } finally {
      end.cancel(false);
    }
  }

  private static TimeoutException timeout(Duration limit) {
    return new TimeoutException("no answer within " + limit.toMillis() / 1000.0 + " s");
  }

  private <T> T interruptibly(Exchange<T> exchange) throws IOException {
    boolean completed = false;
    try {
      begin();
      T result = exchange.run();
      completed = true;
      return result;
    } finally {
      end(completed);
    }
  }

  @Override
  protected void implCloseChannel() {
    child.kill();
  }
}
