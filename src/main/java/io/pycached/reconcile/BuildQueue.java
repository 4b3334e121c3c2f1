package io.pycached.reconcile;

import io.pycached.apply.Outcome;
import io.pycached.apply.PycWriter;
import io.pycached.policy.Build;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The bytecode files that are to be made, and the threads that make them: one file of each
 * territory in turn, so that a storm in one does not hold up a single edit in another.
 *
 * <p>What is to be made in a pair is what its last survey said: a later offer takes the place of an
 * earlier one. While the prefix cannot be written, nothing is made.
 */
public final class BuildQueue implements AutoCloseable {
  /** Hears what the queue does, by itself not at all. Called by its threads, several at once. */
  public interface Listener {
    /** A file was made, or not. */
    default void happened(Territory territory, Outcome outcome) {}

    /** All that was to be made in a pair was tried, and now it looks otherwise. */
    default void finished(Territory territory, Path relative) {}

    /** The same, and nothing was made, but another time some of it might be. */
    default void unfinished(Territory territory, Path relative) {}

    /** The prefix cannot be written. */
    default void unwritable(IOException failure) {}

    /** It can be again. */
    default void writable() {}
  }

  private final Workshop workshop;
  private final PycWriter writer;
  private final boolean patient;
  private final Orders orders = new Orders();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * @param patient whether to sit out a prefix that cannot be written, as a daemon does. Otherwise,
   *     what cannot be written fails
   */
  public BuildQueue(Workshop workshop, PycWriter writer, boolean patient) {
    this.workshop = workshop;
    this.writer = writer;
    this.patient = patient;
  }

  /** Starts {@code count} threads, each of which makes one file at a time. */
  public void start(int count, Listener listener) {
    for (int i = 1; i <= count; i++) {
      Thread thread = new Thread(() -> loop(listener), "build-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void loop(Listener listener) {
    try {
      while (orders.awaitTurn()) {
        if (orders.takeRetry()) {
          retry(listener);
          continue;
        }
        BuildLanes.Job job = orders.poll();
        if (job != null) {
          finish(job, make(job), listener);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void retry(Listener listener) {
    Optional<IOException> broken = writer.probe();
    if (broken.isPresent()) {
      listener.unwritable(broken.get());
      return;
    }
    // Told first: who finds the prefix full again a moment later must have the last word.
    listener.writable();
    orders.resume();
  }

  private Outcome make(BuildLanes.Job job) throws InterruptedException {
    try {
      return workshop.make(job.territory(), job.relative(), job.build());
    } catch (RuntimeException unforeseen) {
      // One file that trips us up must not keep the others from being made.
      return new Outcome.Failed(target(job), new IOException(unforeseen));
    }
  }

  private void finish(BuildLanes.Job job, Outcome outcome, Listener listener) {
    Optional<IOException> broken = patient ? whyUnwritten(job, outcome) : Optional.empty();
    // Told before it counts as done: who waits for that has heard of everything then.
    if (broken.isPresent()) {
      orders.suspend();
      listener.unwritable(broken.get());
    } else {
      List<ReconcileListener> also = orders.note(job, outcome);
      listener.happened(job.territory(), outcome);
      also.forEach(each -> each.happened(job.territory(), outcome));
    }
    BuildLanes.End end = orders.end(job, broken.isPresent());
    if (broken.isPresent() || orders.pending() == 0) {
      writer.rest();
    }
    if (end.finished()) {
      listener.finished(job.territory(), job.relative());
    } else if (end.unfinished()) {
      listener.unfinished(job.territory(), job.relative());
    }
    end.drained().forEach(each -> each.complete(null));
  }

  /** Why nothing at all can be written, if that may be why the bytecode was not. */
  private Optional<IOException> whyUnwritten(BuildLanes.Job job, Outcome outcome) {
    return outcome instanceof Outcome.Failed failed && failed.path().equals(target(job))
        ? writer.probe()
        : Optional.empty();
  }

  private static Path target(BuildLanes.Job job) {
    return job.territory().pair(job.relative()).mirror().resolve(job.build().name());
  }

  /** {@return who makes the files} */
  public Workshop workshop() {
    return workshop;
  }

  /** Makes nothing, or again everything, that does not take the place of a file that is there. */
  public void onlyReplace(boolean yes) {
    orders.onlyReplace(yes);
  }

  /**
   * Makes {@code offered} what is to be made in the pair at {@code relative}.
   *
   * @param waits whether to wait for room
   * @return whether there was room for it
   */
  boolean offer(Territory territory, Path relative, List<Build> offered, boolean waits) {
    return orders.offer(territory, relative, offered, waits);
  }

  /** Tells {@code also} of what is made in {@code territory}, until {@link #leave}. */
  public void join(Territory territory, ReconcileListener also) {
    orders.join(territory, also);
  }

  /** Undoes a {@link #join}. */
  public void leave(Territory territory, ReconcileListener also) {
    orders.leave(territory, also);
  }

  /** {@return completes when there is nothing to be made in {@code territory}} */
  public CompletableFuture<Void> drained(Territory territory) {
    return orders.drained(territory);
  }

  /** {@return how many files wait or are being made} */
  public int pending() {
    return orders.pending();
  }

  /** Drops what waits in territories other than {@code staying}. */
  public void retain(List<Territory> staying) {
    orders.retain(staying);
    workshop.toolchain().retain(staying);
  }

  /** Ends the threads; what they are at is given up. */
  @Override
  public void close() {
    orders.close();
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
