package io.pycached.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pycached.layout.RawPath;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Directories to go to, in the order in which they were found, at some thirty bytes each: a machine
 * has hundreds of thousands, and they are kept all day.
 *
 * <p>Of each it holds what its path does not have in common with the one before. Safe for use by
 * any thread while directories are added; they are read when all have been.
 */
final class Itinerary implements Iterable<Itinerary.Stop> {
  private static final int FIRST_CAPACITY = 256;

  /** The lengths of what is common and of what is not, and the bytes of bytecode. */
  private static final int NUMBERS = Integer.BYTES + Integer.BYTES + Long.BYTES;

  private final FileSystem fileSystem;
  private final int room;
  private ByteBuffer written = ByteBuffer.allocate(FIRST_CAPACITY);
  private byte[] last = {};
  private int size;
  private int leftOut;

  /**
   * @param fileSystem where the directories are
   * @param room how many bytes it may take; what finds no room is left out
   */
  Itinerary(FileSystem fileSystem, int room) {
    this.fileSystem = fileSystem;
    this.room = room;
  }

  /**
   * A directory to go to.
   *
   * @param relative its path below the first
   * @param bytes how much bytecode is in it
   */
  record Stop(Path relative, long bytes) {}

  synchronized void add(Path relative, long bytes) {
    byte[] path = RawPath.of(relative).getBytes(ISO_8859_1);
    int mismatch = Arrays.mismatch(last, path);
    int common = mismatch < 0 ? path.length : mismatch;
    int rest = path.length - common;
    int needed = written.position() + NUMBERS + rest;
    if (needed > room) {
      leftOut++;
      return;
    }
    if (needed > written.capacity()) {
      int capacity = Math.max(needed, Math.min(room, 2 * written.capacity()));
      written = ByteBuffer.allocate(capacity).put(written.flip());
    }
    written.putInt(common).putInt(rest).put(path, common, rest).putLong(bytes);
    last = path;
    size++;
  }

  /** {@return how many directories there was no room for} */
  synchronized int leftOut() {
    return leftOut;
  }

  /** {@return how many bytes are taken} */
  synchronized int taken() {
    return written.position();
  }

  synchronized int size() {
    return size;
  }

  @Override
  public synchronized Iterator<Stop> iterator() {
    return new Reading(fileSystem, written.duplicate().flip());
  }

  private static final class Reading implements Iterator<Stop> {
    private final FileSystem fileSystem;
    private final ByteBuffer rest;
    private byte[] path = {};

    Reading(FileSystem fileSystem, ByteBuffer rest) {
      this.fileSystem = fileSystem;
      this.rest = rest;
    }

    @Override
    public boolean hasNext() {
      return rest.hasRemaining();
    }

    @Override
    public Stop next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int common = rest.getInt();
      int length = rest.getInt();
      path = Arrays.copyOf(path, common + length);
      rest.get(path, common, length);
      return new Stop(RawPath.toPath(fileSystem, new String(path, ISO_8859_1)), rest.getLong());
    }
  }
}
