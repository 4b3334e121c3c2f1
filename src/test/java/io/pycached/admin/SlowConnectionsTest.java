package io.pycached.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;

/** Which connections are closed, one look after the other. */
final class SlowConnectionsTest {
  private final Looks looks = new Looks();
  private final SlowConnections slow = new SlowConnections(looks, Duration.ofSeconds(30));
  private final Exchange exchange = new Exchange();

  @Test
  void look_noRequest_closes() {
    slow.onOpened(exchange);
    looks.next();
    assertThat(exchange.isOpen()).isFalse();
  }

  @Test
  void look_whileAnswering_leavesItOpen() {
    slow.onOpened(exchange);
    exchange.requests = 1;
    looks.next();
    looks.next();
    looks.next();
    assertThat(exchange.isOpen()).isTrue();
  }

  @Test
  void look_justAfterALongAnswerWasBegun_leavesTheTimeToReadIt() {
    slow.onOpened(exchange);
    exchange.requests = 1;
    looks.next();
    exchange.answers = 1;
    looks.next();
    assertThat(exchange.isOpen()).isTrue();
    looks.next();
    assertThat(exchange.isOpen()).isFalse();
  }

  @Test
  void look_oneRequestAfterTheOther_leavesItOpen() {
    slow.onOpened(exchange);
    for (int i = 1; i < 4; i++) {
      exchange.requests = i;
      exchange.answers = i;
      looks.next();
    }
    assertThat(exchange.isOpen()).isTrue();
    looks.next();
    assertThat(exchange.isOpen()).isFalse();
  }

  /** As where a client wants to hear "100 Continue" before it sends its body. */
  @Test
  void look_moreAnswersThanRequests_closes() {
    slow.onOpened(exchange);
    exchange.requests = 1;
    exchange.answers = 2;
    looks.next();
    assertThat(exchange.isOpen()).isTrue();
    looks.next();
    assertThat(exchange.isOpen()).isFalse();
  }

  @Test
  void close_ofItself_isLookedAtNoMore() {
    slow.onOpened(exchange);
    slow.onClosed(exchange);
    assertThat(looks.waiting).isEmpty();
  }

  /** A connection whose messages the test counts. */
  private static final class Exchange extends AbstractConnection {
    private long requests;
    private long answers;

    Exchange() {
      super(new ByteArrayEndPoint(), Runnable::run);
    }

    @Override
    public void onFillable() {}

    @Override
    public long getMessagesIn() {
      return requests;
    }

    @Override
    public long getMessagesOut() {
      return answers;
    }

    boolean isOpen() {
      return getEndPoint().isOpen();
    }
  }

  /** A scheduler whose time goes on when the test says so. */
  private static final class Looks extends AbstractLifeCycle implements Scheduler {
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    @Override
    public Task schedule(Runnable task, long delay, TimeUnit units) {
      waiting.add(task);
      return () -> waiting.remove(task);
    }

    void next() {
      waiting.remove().run();
    }
  }
}
