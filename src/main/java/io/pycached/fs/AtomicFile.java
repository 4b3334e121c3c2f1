package io.pycached.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Writes a file so that it appears whole or not at all: into a neighbour, then renamed.
 *
 * <p>The neighbour's name is fixed, {@code NAME.new}: a writer that was killed leaves one file at
 * most, and the next one replaces it. That asks for one writer at a time; for files in a prefix the
 * {@link PrefixLock} sees to it.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Makes {@code target} hold {@code bytes}. */
  public static void write(Path target, byte[] bytes) throws IOException {
    Path neighbour = target.resolveSibling(target.getFileName() + ".new");
    // Not opened, whatever it is: it may be a link, or a FIFO at which nobody reads.
    Files.deleteIfExists(neighbour);
    try (SeekableByteChannel channel =
        Files.newByteChannel(neighbour, Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS))) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }
    Files.move(neighbour, target, ATOMIC_MOVE);
  }
}
