package io.pycached.compile;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs things later, unless they are cancelled first, in one thread that is there only while
 * something is pending.
 */
final class Watchdog implements AutoCloseable {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

  private final ScheduledThreadPoolExecutor executor;

  Watchdog(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setKeepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS);
    executor.allowCoreThreadTimeOut(true);
    // After close() there is nothing left to watch over: what is still asked for is dropped.
    executor.setRejectedExecutionHandler((task, closed) -> {});
  }

  Future<?> after(Duration delay, Runnable task) {
    return executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
