package io.pycached.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was started, to be closed in reverse. Belongs to one thread at a time. */
final class Parts implements Closeable {
  private final Deque<Closeable> started = new ArrayDeque<>();

  /** Adds what was started last. */
  void push(Closeable part) {
    started.push(part);
  }

  /**
   * Closes all, what was started last first.
   *
   * @throws IOException the first failure, once all the others are closed; it carries theirs
   */
  @Override
  public void close() throws IOException {
    IOException first = null;
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (IOException failed) {
        if (first == null) {
          first = failed;
        } else {
          first.addSuppressed(failed);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
