package io.pycached.journal;

import io.pycached.fs.StateDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes what happens in a prefix to its journal. Safe for use by any thread; one process at a
 * time, by the prefix's lock.
 *
 * <p>An event is put in a queue, which takes no I/O, and written by one thread. If the journal
 * cannot be written it is tried again in a while; events wait until then, up to a bound.
 */
public final class Journal implements Closeable {
  /** Bound on the events that wait to be written: some megabytes. What is beyond it is lost. */
  static final int MAX_QUEUED = 20_000;

  /** How many events the writer takes from the queue at a time. */
  private static final int MAX_TAKEN = 500;

  /** How long an event may wait for others, which are then written with it. */
  private static final Duration LINGER = Duration.ofMillis(50);

  /** How many bytes are written at a time, or one line. */
  private static final int BATCH_BYTES = 256 << 10;

  /** When it is tried again to write. */
  private static final Duration LATER = Duration.ofSeconds(5);

  /** How long {@link #close} waits for what is to be written. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Hears how the journal fares. Must return soon; may be called by any thread. */
  public interface Listener {
    /** So many more lines are in the journal now. */
    default void written(int lines) {}

    /** So many events will never be. */
    default void lost(long events) {}

    /**
     * The journal cannot be written; called again while it cannot.
     *
     * @param failure a {@link StateDirectory.RefusedException} if there is no place for it
     */
    default void unwritable(IOException failure) {}

    /** It can be written again. */
    default void writable() {}
  }

  /** Opens the place of the journal, as often as it is asked. */
  interface Opening {
    StateDirectory open() throws IOException;
  }

  private final Opening opening;
  private final long maxFileBytes;
  private final Duration later;
  private final Listener listener;
  private final InstantSource clock;
  private final Thread writer = new Thread(this::run, "journal");

  // Guarded by this.
  private final Deque<Event> queue = new ArrayDeque<>();
  private long lost;
  private boolean closing;

  // The writer's own.
  private @Nullable JournalFiles files;
  private boolean failing;

  Journal(
      Opening opening, long maxFileBytes, Duration later, Listener listener, InstantSource clock) {
    this.opening = opening;
    this.maxFileBytes = maxFileBytes;
    this.later = later;
    this.listener = listener;
    this.clock = clock;
  }

  /**
   * {@return the journal of {@code prefix}} There is no file before there is an event.
   *
   * @param prefix an existing directory, whose lock is held
   * @param name of the state directory in it
   */
  public static Journal start(Path prefix, String name, Listener listener, InstantSource clock) {
    Journal journal =
        new Journal(
            () -> StateDirectory.open(prefix, name),
            JournalFiles.MAX_FILE_BYTES,
            LATER,
            listener,
            clock);
    journal.start();
    return journal;
  }

  void start() {
    writer.setDaemon(true);
    writer.start();
  }

  /** Takes {@code event} to be written. Returns at once. */
  public void add(Event event) {
    synchronized (this) {
      if (!closing && queue.size() < MAX_QUEUED) {
        queue.add(event);
        if (queue.size() == 1 || queue.size() == MAX_TAKEN) {
          notifyAll();
        }
        return;
      }
      lost++;
    }
    listener.lost(1);
  }

  private void run() {
    try {
      for (List<Entry> taken = take(); !taken.isEmpty(); taken = take()) {
        List<byte[]> lines = new ArrayList<>();
        int bytes = 0;
        for (Entry entry : taken) {
          byte[] line = EntryJson.encode(entry);
          if (bytes + line.length > BATCH_BYTES && !lines.isEmpty()) {
            writeOrGiveUp(lines);
            lines.clear();
            bytes = 0;
          }
          lines.add(line);
          bytes += line.length;
        }
        writeOrGiveUp(lines);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for something to write. Answers nothing when there will be none any more. */
  private synchronized List<Entry> take() throws InterruptedException {
    while (queue.isEmpty() && lost == 0 && !closing) {
      wait();
    }
    pause(LINGER, () -> queue.size() >= MAX_TAKEN);
    List<Entry> taken = new ArrayList<>();
    while (taken.size() < MAX_TAKEN && !queue.isEmpty()) {
      taken.add(queue.remove());
    }
    if (lost > 0 && queue.isEmpty()) {
      taken.add(new Lost(clock.instant(), lost));
      lost = 0;
    }
    return taken;
  }

  private void writeOrGiveUp(List<byte[]> lines) throws InterruptedException {
    while (!write(lines)) {
      if (!mayRetry()) {
        listener.lost(lines.size());
        return;
      }
    }
  }

  private boolean write(List<byte[]> lines) {
    try {
      JournalFiles open = files;
      if (open == null) {
        open = new JournalFiles(opening.open(), maxFileBytes);
        files = open;
      }
      open.append(lines);
    } catch (IOException failed) {
      files = null;
      failing = true;
      listener.unwritable(failed);
      return false;
    }
    if (failing) {
      failing = false;
      listener.writable();
    }
    listener.written(lines.size());
    return true;
  }

  /** Waits a while. Answers whether there is a point in another try. */
  private synchronized boolean mayRetry() throws InterruptedException {
    pause(later, () -> false);
    return !closing;
  }

  /** Waits so long, or until {@code enough}, or until this is closed. */
  private synchronized void pause(Duration time, BooleanSupplier enough)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    for (long rest = time.toNanos();
        rest > 0 && !closing && !enough.getAsBoolean();
        rest = end - System.nanoTime()) {
      wait(rest / 1_000_000 + 1);
    }
  }

  /**
   * Writes what was added so far and gives up what cannot be written. Does nothing the second time.
   */
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    try {
      writer.join(PATIENCE.toMillis());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
