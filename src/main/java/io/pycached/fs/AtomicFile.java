package io.pycached.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
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
    try (SeekableByteChannel channel =
        Files.newByteChannel(neighbour, Set.of(CREATE, TRUNCATE_EXISTING, WRITE, NOFOLLOW_LINKS))) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }
    Files.move(neighbour, target, ATOMIC_MOVE);
  }
}
