package io.pycached.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Set;

/**
 * Opens what was a file or a directory when it was looked at, and does not wait for ever if a FIFO
 * has taken its place meanwhile.
 *
 * <p>{@code open(2)} of a FIFO waits until somebody opens its other side. C would pass {@code
 * O_NONBLOCK}; the JDK cannot, and an interrupt does not end the call. So an {@link OpenGuard}
 * does, some seconds later.
 */
public final class GuardedOpen {
  private GuardedOpen() {}

  /** {@return the entries of the directory at {@code path}, whose components may be links} */
  @SuppressWarnings("StreamResourceLeak") // Whoever asks for it closes it.
  public static DirectoryStream<Path> directory(Path path) throws IOException {
    Opening opening = Opening.begin(null, path);
    try {
      return Files.newDirectoryStream(path);
    } finally {
      opening.end();
    }
  }

  /**
   * {@return the regular file at {@code path}, whose components may be links, opened to read}
   *
   * @throws FileSystemException if it is something that cannot be read at any offset, too
   */
  public static SeekableByteChannel file(Path path) throws IOException {
    Opening opening = Opening.begin(null, path);
    SeekableByteChannel channel;
    try {
      channel = Files.newByteChannel(path);
    } finally {
      opening.end();
    }
    return seekable(channel, path);
  }

  /** {@return the entries of the directory {@code name} of {@code parent}} */
  static DirectoryStream<Path> directory(
      Directory parent, SecureDirectoryStream<Path> stream, Path name) throws IOException {
    Opening opening = Opening.begin(parent, name);
    try {
      return stream.newDirectoryStream(name, Directory.NO_FOLLOW);
    } finally {
      opening.end();
    }
  }

  /** {@return the file {@code name} of {@code parent}, which may be a FIFO} */
  static SeekableByteChannel file(
      Directory parent,
      SecureDirectoryStream<Path> stream,
      Path name,
      Set<? extends OpenOption> options)
      throws IOException {
    Opening opening = Opening.begin(parent, name);
    try {
      return stream.newByteChannel(name, options);
    } finally {
      opening.end();
    }
  }

  /**
   * {@return {@code channel}, which is not of a FIFO, a socket or a terminal} It is closed if it
   * is.
   *
   * <p>To ask for the offset is lseek(2), which fails with ESPIPE then: that is of the file that is
   * open, whatever has its name. Who holds the other side of a FIFO may let a reader wait for ever.
   *
   * @param path that it was opened by
   */
  static SeekableByteChannel seekable(SeekableByteChannel channel, Path path) throws IOException {
    try {
      channel.position();
      return channel;
    } catch (IOException notSeekable) {
      channel.close();
      FileSystemException refused =
          new FileSystemException(path.toString(), null, "not a regular file any more");
      refused.initCause(notSeekable);
      throw refused;
    }
  }

  /**
   * Reads from the start of the file {@code name} of {@code parent}, which {@code channel} is,
   * until {@code buffer} is full or the file ends.
   *
   * @throws FileSystemException if it is a FIFO, a socket or a terminal, too: pread(2) fails as
   *     lseek(2) does, and spares that call, which every file would pay for
   */
  static void fill(SeekableByteChannel channel, Directory parent, Path name, ByteBuffer buffer)
      throws IOException {
    if (!(channel instanceof FileChannel file)) {
      seekable(channel, parent.path().resolve(name));
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // A read may return less than was asked for.
      }
      return;
    }
    int start = buffer.position();
    try {
      while (buffer.hasRemaining() && file.read(buffer, buffer.position() - start) >= 0) {
        // As above.
      }
    } catch (IOException failed) {
      seekable(channel, parent.path().resolve(name));
      throw failed;
    }
  }
}
