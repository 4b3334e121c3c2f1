package io.pycached.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pycached.layout.RawPath;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Directories to go to, in the order in which they were found, at some thirty bytes each: a machine
 * has hundreds of thousands, and they are kept all day.
 *
 * <p>Of each it holds what its path does not have in common with the one before; numbers are in
 * LEB128, seven bits a byte. Nothing is moved when the list grows, and at most a chunk is kept in
 * reserve. Safe for use by any thread while directories are added; they are read when all have
 * been.
 */
final class Itinerary implements Iterable<Itinerary.Stop> {
  private static final int FIRST_CHUNK = 256;
  private static final int LARGEST_CHUNK = 64 * 1024;

  /** The lengths of what is common and of what is not, and the bytes of bytecode: at most. */
  private static final int NUMBERS = 5 + 5 + 10;

  private final FileSystem fileSystem;
  private final int room;
  private final List<ByteBuffer> chunks = new ArrayList<>();
  private byte[] last = {};
  private int taken;
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
    if (taken > room - NUMBERS - rest) {
      leftOut++;
      return;
    }
    ByteBuffer chunk = chunk(NUMBERS + rest);
    int before = chunk.position();
    write(chunk, common);
    write(chunk, rest);
    chunk.put(path, common, rest);
    write(chunk, bytes);
    taken += chunk.position() - before;
    last = path;
    size++;
  }

  /** One that has room for so much. */
  private ByteBuffer chunk(int needed) {
    ByteBuffer current = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
    if (current != null && current.remaining() >= needed) {
      return current;
    }
    int usual = current == null ? FIRST_CHUNK : Math.min(LARGEST_CHUNK, 2 * current.capacity());
    ByteBuffer next = ByteBuffer.allocate(Math.max(needed, usual));
    chunks.add(next);
    return next;
  }

  private static void write(ByteBuffer chunk, long number) {
    long rest = number;
    while (rest >>> 7 != 0) {
      chunk.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    chunk.put((byte) rest);
  }

  private static long read(ByteBuffer chunk) {
    long number = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = chunk.get();
      number |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return number;
      }
    }
  }

  /** {@return how many directories there was no room for} */
  synchronized int leftOut() {
    return leftOut;
  }

  /** {@return how many bytes are taken} */
  synchronized int taken() {
    return taken;
  }

  synchronized int size() {
    return size;
  }

  @Override
  public synchronized Iterator<Stop> iterator() {
    return new Reading(fileSystem, chunks.stream().map(chunk -> chunk.duplicate().flip()).toList());
  }

  private static final class Reading implements Iterator<Stop> {
    private final FileSystem fileSystem;
    private final Iterator<ByteBuffer> chunks;
    private ByteBuffer chunk = ByteBuffer.allocate(0);
    private byte[] path = {};

    Reading(FileSystem fileSystem, List<ByteBuffer> chunks) {
      this.fileSystem = fileSystem;
      this.chunks = chunks.iterator();
    }

    @Override
    public boolean hasNext() {
      return chunk.hasRemaining() || chunks.hasNext();
    }

    @Override
    public Stop next() {
      if (!chunk.hasRemaining()) {
        chunk = chunks.next();
      }
      int common = (int) read(chunk);
      int length = (int) read(chunk);
      path = Arrays.copyOf(path, common + length);
      chunk.get(path, common, length);
      return new Stop(RawPath.toPath(fileSystem, new String(path, ISO_8859_1)), read(chunk));
    }
  }
}
