package io.pycached.watch;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One named daemon thread that does a project's tasks, now, later and again and again. */
final class WatchThread {
  private static final Logger LOGGER = LoggerFactory.getLogger(WatchThread.class);

  /** Bound on the wait for a task under way when the thread is to end. */
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  private final String name;
  private final ScheduledThreadPoolExecutor executor;

  WatchThread(String name) {
    this.name = name;
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread created = new Thread(task, name);
              created.setDaemon(true);
              return created;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  String name() {
    return name;
  }

  void post(Runnable task) {
    after(Duration.ZERO, task);
  }

  void after(Duration delay, Runnable task) {
    Future<?> unused = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  void every(Duration interval, Runnable task) {
    long nanos = interval.toNanos();
    Future<?> unused =
        executor.scheduleWithFixedDelay(guarded(task), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** Takes no more tasks and drops those that wait; the one under way goes on. Returns at once. */
  void stop() {
    executor.shutdown();
  }

  /** Waits for the task under way. */
  void awaitEnd() {
    try {
      if (!executor.awaitTermination(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)) {
        LOGGER.warn("{} does not end: is its file system hung?", name);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A repeated task that throws would silently have been the last. */
  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException failure) {
        LOGGER.error("{} failed; it goes on", name, failure);
      }
    };
  }
}
