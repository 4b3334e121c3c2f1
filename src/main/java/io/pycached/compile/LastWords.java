package io.pycached.compile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The end of what a child wrote to its standard error. A thread of its own reads it, so that a
 * child which writes much never waits for us; only the end is kept.
 */
final class LastWords {
  /** How much is kept, in bytes. */
  static final int MAX_BYTES = 400;

  /** How long is waited for the rest of what a child wrote that has ended, in milliseconds. */
  private static final int PATIENCE_MILLIS = 500;

  private final Thread reader;
  private byte[] kept = {};

  private LastWords(InputStream stream) {
    this.reader = new Thread(null, () -> read(stream), "compile-stderr", 1 << 16);
    this.reader.setDaemon(true);
  }

  static LastWords of(InputStream stream) {
    LastWords words = new LastWords(stream);
    words.reader.start();
    return words;
  }

  private void read(InputStream stream) {
    byte[] piece = new byte[1 << 12];
    try (stream) {
      int length;
      while ((length = stream.read(piece)) >= 0) {
        keep(piece, length);
      }
    } catch (IOException closed) {
      // The child was ended.
    }
  }

  private synchronized void keep(byte[] piece, int length) {
    byte[] all = Arrays.copyOf(kept, kept.length + length);
    System.arraycopy(piece, 0, all, kept.length, length);
    kept = Arrays.copyOfRange(all, Math.max(0, all.length - MAX_BYTES), all.length);
  }

  /** {@return the end of what the child wrote, as one line; to be asked once it has ended} */
  String text() throws InterruptedException {
    reader.join(PATIENCE_MILLIS);
    synchronized (this) {
      return Shown.line(new String(kept, StandardCharsets.UTF_8));
    }
  }
}
