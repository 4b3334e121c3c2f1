package io.pycached.journal;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal from its oldest line on, and then what is added to it, across rotations. For use
 * by one thread. Takes no lock: it may read while another process writes.
 *
 * <p>A line that is not one of the journal's, such as the half of one that a crash leaves, is told
 * of and passed over.
 *
 * <p>It keeps the file open that it has come to, so that no other file can get its inode, by which
 * it is known again when it has another name.
 */
public final class JournalReader implements Closeable {
  /** Bound on a line, in bytes; a longer one was not written by a journal. */
  static final int MAX_LINE_BYTES = 256 << 10;

  /** How often the files are looked at again that are being renamed meanwhile. */
  private static final int MAX_LOOKS = 20;

  /** Hears what was read, in order. */
  public interface Sink {
    /** Another entry, and its line as it is stored. */
    void entry(Entry entry, String line) throws IOException;

    /** A line of {@code file} that is none of the journal's. */
    void unreadable(Path file, String what) throws IOException;
  }

  private final Path prefix;
  private final Path name;
  private final Lines lines;
  private @Nullable Open current;

  /**
   * @param prefix whose journal is read
   * @param name of the state directory in it
   * @param sink hears what is read
   */
  public JournalReader(Path prefix, String name, Sink sink) {
    this.prefix = prefix;
    this.name = prefix.getFileSystem().getPath(name);
    this.lines = new Lines(prefix.getFileSystem(), sink);
  }

  /** A file of the journal. */
  private record Named(Path name, FileStamp stamp) {}

  /** The file that was come to. */
  private static final class Open {
    final Path path;
    final Object key;
    final SeekableByteChannel channel;

    Open(Path path, Object key, SeekableByteChannel channel) {
      this.path = path;
      this.key = key;
      this.channel = channel;
    }
  }

  /**
   * Reads what was added since the last time; the first time, everything. What looks like the start
   * of a line that is still being written is left for the next time.
   *
   * @throws java.nio.file.AccessDeniedException if this user may not read it
   */
  public void read() throws IOException {
    while (true) {
      drain();
      if (!advance()) {
        return;
      }
    }
  }

  /** Tells of the start of a line as well, after which nothing will be read any more. */
  public void end() throws IOException {
    Open open = current;
    if (open != null) {
      lines.end(open.path);
    }
  }

  private void drain() throws IOException {
    Open open = current;
    if (open == null) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    while (open.channel.read(buffer.clear()) > 0) {
      lines.add(open.path, buffer.flip());
    }
  }

  /** Goes on to the file that was begun after the current one. Answers whether there is one. */
  private boolean advance() throws IOException {
    for (int looks = 0; looks < MAX_LOOKS; looks++) {
      try (Directory directory =
          Directory.descend(prefix, prefix.getFileSystem().getPath("").resolve(name))) {
        List<Named> oldestFirst = stableListing(directory);
        int next = indexOfCurrent(oldestFirst) + 1;
        if (next == oldestFirst.size()) {
          return false;
        }
        Named file = oldestFirst.get(next);
        Open left = current;
        SeekableByteChannel channel = directory.openFile(file.name());
        if (directory.stamp(file.name()).key().equals(file.stamp().key())) {
          // Nobody writes to the current one any more.
          drain();
          end();
          close();
          if (left != null && next == 0) {
            lines.missed(left.path);
          }
          current = new Open(directory.path().resolve(file.name()), file.stamp().key(), channel);
          return true;
        }
        channel.close();
      } catch (NoSuchFileException renamedOrNone) {
        // Looked at again.
      }
    }
    return false;
  }

  private int indexOfCurrent(List<Named> oldestFirst) {
    Open open = current;
    for (int i = 0; i < oldestFirst.size(); i++) {
      if (open != null && oldestFirst.get(i).stamp().key().equals(open.key)) {
        return i;
      }
    }
    return -1;
  }

  /** The files, oldest first, none of them renamed between the first look and the last. */
  private static List<Named> stableListing(Directory directory) throws IOException {
    List<Named> before = listing(directory);
    for (int looks = 0; looks < MAX_LOOKS; looks++) {
      List<Named> after = listing(directory);
      if (keys(before).equals(keys(after))) {
        return after;
      }
      before = after;
    }
    return before;
  }

  private static List<Object> keys(List<Named> files) {
    return files.stream().map(file -> file.stamp().key()).toList();
  }

  private static List<Named> listing(Directory directory) throws IOException {
    List<Named> files = new ArrayList<>();
    for (Path name : JournalFiles.newestFirst(directory.path().getFileSystem())) {
      try {
        FileStamp stamp = directory.stamp(name);
        if (stamp.isRegular()) {
          files.add(0, new Named(name, stamp));
        }
      } catch (NoSuchFileException gap) {
        // As a crash amid a rotation leaves it.
      }
    }
    return files;
  }

  @Override
  public void close() throws IOException {
    Open open = current;
    if (open != null) {
      current = null;
      open.channel.close();
    }
  }
}
