package io.pycached.systemd;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the service manager informed, from {@link #start} to {@link #stopping}; without one that
 * wants to be, it does nothing. One thread of its own.
 */
public final class Notifier implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Notifier.class);
  private static final String COMMAND = "systemd-notify";

  private final Service service;
  private final ServiceManager manager;
  private final LongSupplier nanoTime;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Nothing if nobody wants to be told. Guarded by this, as is what follows and the manager. */
  private final @Nullable Notices notices;

  private boolean reloading;
  private boolean stalled;

  private Notifier(
      Surroundings surroundings, Service service, ServiceManager manager, LongSupplier nanoTime) {
    this.service = service;
    this.manager = manager;
    this.nanoTime = nanoTime;
    this.notices = surroundings.isNotified() ? new Notices(surroundings.watchdog()) : null;
  }

  /** {@return one that tells of {@code service} from now on} */
  public static Notifier start(Surroundings surroundings, Service service) {
    return start(surroundings, service, new ServiceManager(COMMAND), System::nanoTime);
  }

  static Notifier start(
      Surroundings surroundings, Service service, ServiceManager manager, LongSupplier nanoTime) {
    Notifier notifier = new Notifier(surroundings, service, manager, nanoTime);
    if (notifier.notices != null) {
      Thread thread = new Thread(() -> notifier.run(notifier.notices), "service-manager");
      thread.setDaemon(true);
      thread.start();
    }
    return notifier;
  }

  private void run(Notices decided) {
    try {
      Duration interval;
      do {
        tell(decided);
        interval = decided.interval(service.isReady());
      } while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void tell(Notices decided) {
    if (closed.getCount() == 0 || reloading) {
      return;
    }
    try {
      warnOfStall(decided);
      manager.tell(decided.due(service, nanoTime.getAsLong()));
    } catch (RuntimeException unforeseen) {
      // The next time: without an answer in time, the watchdog decides.
      log.error("the service manager was not told", unforeseen);
    }
  }

  private void warnOfStall(Notices decided) {
    boolean now = decided.isStalled(service);
    if (now && !stalled) {
      log.error("the reconciler does not get on: the watchdog is no longer told that it does");
    }
    stalled = now;
  }

  /** Tells that {@code reload} begins, runs it, and tells that the service is ready again. */
  public void reloading(Runnable reload) {
    if (notices == null) {
      reload.run();
      return;
    }
    synchronized (this) {
      reloading = true;
      // Of the clock that CLOCK_MONOTONIC is, in microseconds.
      manager.tell(List.of("RELOADING=1", "MONOTONIC_USEC=" + nanoTime.getAsLong() / 1_000));
    }
    try {
      reload.run();
    } finally {
      synchronized (this) {
        reloading = false;
        notices.forget();
        tell(notices);
      }
    }
  }

  /** Tells that the service stops, and nothing more from then on. */
  public void stopping() {
    if (notices == null) {
      return;
    }
    synchronized (this) {
      if (closed.getCount() > 0) {
        closed.countDown();
        manager.tell(List.of("STOPPING=1", "STATUS=" + service.line()));
      }
    }
  }

  /** Tells nothing more. */
  @Override
  public void close() {
    closed.countDown();
  }
}
