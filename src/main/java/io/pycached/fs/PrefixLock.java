package io.pycached.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The right to change a prefix, held by one process at a time.
 *
 * <p>It is a {@code fcntl} record lock on a file in the prefix, which the kernel drops when the
 * holder dies, however it dies. The file itself stays and says who holds the lock, in one line that
 * only people and the holder's own kin read.
 */
public final class PrefixLock implements Closeable {
  /** What the file may hold; more was not written by us and is not read. */
  private static final int MAX_HOLDER_BYTES = 4096;

  /** Whoever may write to the file can hold the lock. */
  private static final FileAttribute<?> NOT_FOR_OTHERS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-r--"));

  /*
   * A record lock belongs to the process, and closing any descriptor of its file drops it, even one
   * that somebody else opened (fcntl(2)). So while this process holds a lock it must not open the
   * file again, not to try for the lock and not to read who holds it; and what a process must know
   * of itself has to be static. With the holder's words.
   */
  private static final ConcurrentMap<Key, String> HELD_HERE = new ConcurrentHashMap<>();

  private final Key key;
  private final FileChannel channel;

  /** A prefix, by its device and inode, and a file in it. */
  private record Key(Object prefix, String fileName) {}

  private PrefixLock(Key key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /** Says that another process holds the lock. */
  public static final class HeldException extends IOException {
    private static final long serialVersionUID = 1L;
    private final String holder;

    HeldException(Path prefix, String holder) {
      super(prefix + " is in use by " + (holder.isEmpty() ? "another process" : holder));
      this.holder = holder;
    }

    /** {@return what the holder said of itself; empty if it has not yet} */
    public String holder() {
      return holder;
    }
  }

  /**
   * {@return the lock on {@code prefix}, an existing directory}
   *
   * @param fileName of the file in it that is locked
   * @param holder what others are told, one line
   * @throws HeldException if another process, or another part of this one, holds it
   */
  public static PrefixLock acquire(Path prefix, String fileName, String holder) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(prefix, BasicFileAttributes.class);
    Key key = new Key(Objects.requireNonNull(attributes.fileKey(), "no inodes here"), fileName);
    String heldHere = HELD_HERE.putIfAbsent(key, holder);
    if (heldHere != null) {
      throw new HeldException(prefix, heldHere);
    }
    try {
      return new PrefixLock(key, lock(prefix, fileName, holder));
    } catch (IOException | RuntimeException failed) {
      HELD_HERE.remove(key);
      throw failed;
    }
  }

  private static FileChannel lock(Path prefix, String fileName, String holder) throws IOException {
    Path file = prefix.resolve(fileName);
    FileChannel channel =
        FileChannel.open(file, Set.of(CREATE, READ, WRITE, NOFOLLOW_LINKS), NOT_FOR_OTHERS);
    try {
      if (channel.tryLock() == null) {
        throw new HeldException(prefix, read(channel));
      }
      channel.truncate(0);
      channel.write(UTF_8.encode(holder + "\n"), 0);
      return channel;
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_HOLDER_BYTES);
    channel.read(bytes, 0);
    return UTF_8.decode(bytes.flip()).toString().strip();
  }

  /**
   * Gives the lock back. The file stays: deleting it would let two processes lock two files of one
   * name.
   */
  @Override
  public void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } finally {
      HELD_HERE.remove(key);
    }
  }
}
