package io.pycached.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An open directory. Everything is done relative to the open descriptor ({@code openat}, {@code
 * fstatat}, {@code unlinkat}), so that nobody can move another directory under a path that was
 * checked: between the look and the touch there is no path.
 *
 * <p>Names are single components. Nothing follows a symbolic link unless the method says so. Not
 * for use by several threads at once. Holds two descriptors until it is closed.
 */
public final class Directory implements Closeable {
  private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS);
  private static final Set<OpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, NOFOLLOW_LINKS);
  static final LinkOption[] NO_FOLLOW = {NOFOLLOW_LINKS};

  private final Path path;
  private final FileStamp stamp;
  private final SecureDirectoryStream<Path> stream;

  private Directory(Path path, FileStamp stamp, SecureDirectoryStream<Path> stream) {
    this.path = path;
    this.stamp = stamp;
    this.stream = stream;
  }

  /**
   * {@return the directory at {@code path}, whose components may be symbolic links}
   *
   * @throws NotDirectoryException if {@code path} is something else; it is not opened then, so a
   *     FIFO does not block
   */
  public static Directory openFollowing(Path path) throws IOException {
    return openFollowing(path, FileStamp.following(path));
  }

  /**
   * {@return the directory at {@code path}, whose components may be symbolic links}
   *
   * @param stamp of what is there, just taken
   * @throws NotDirectoryException if that is something else
   */
  @SuppressWarnings("StreamResourceLeak") // The stream is the directory: closed by close().
  public static Directory openFollowing(Path path, FileStamp stamp) throws IOException {
    if (!stamp.isDirectory()) {
      throw new NotDirectoryException(path.toString());
    }
    return new Directory(path, stamp, secure(path, GuardedOpen.directory(path)));
  }

  /**
   * {@return whether nothing is in the directory at {@code path}, whose components may be symbolic
   * links}
   *
   * @throws IOException if it can be opened, and yet not be read, as on a network, too
   */
  public static boolean isEmpty(Path path) throws IOException {
    try (DirectoryStream<Path> names = GuardedOpen.directory(path)) {
      return !names.iterator().hasNext();
    } catch (DirectoryIteratorException unreadable) {
      throw new IOException(path + " cannot be read", unreadable.getCause());
    }
  }

  /**
   * {@return the directory at {@code relative} below {@code root}, reached without following any
   * symbolic link below {@code root}}
   *
   * @throws java.nio.file.NoSuchFileException if a component is not there
   * @throws NotDirectoryException if a component is a file or a symbolic link
   */
  public static Directory descend(Path root, Path relative) throws IOException {
    Directory directory = openFollowing(root);
    for (Path name : relative) {
      if (name.toString().isEmpty()) {
        continue;
      }
      directory = directory.enter(name);
    }
    return directory;
  }

  /**
   * {@return the directory called {@code name} in this one, which is closed, come what may}
   *
   * @throws NotDirectoryException if it is no directory, or a symbolic link
   */
  public Directory enter(Path name) throws IOException {
    Directory child = null;
    try (Directory parent = this) {
      child = parent.open(name);
    } catch (IOException | RuntimeException failed) {
      if (child != null) {
        child.close();
      }
      throw failed;
    }
    return child;
  }

  /**
   * {@return the directory called {@code name} in this one}
   *
   * @throws NotDirectoryException if it is no directory, or a symbolic link
   */
  public Directory open(Path name) throws IOException {
    return open(name, stamp(name));
  }

  /**
   * {@return the directory called {@code name} in this one, whose stamp was just taken}
   *
   * @param stamp what {@link #stamp} said of it: only what was a directory is opened, so that a
   *     FIFO does not block
   */
  public Directory open(Path name, FileStamp stamp) throws IOException {
    if (!stamp.isDirectory()) {
      throw new NotDirectoryException(path.resolve(name).toString());
    }
    return child(name, stamp);
  }

  private Directory child(Path name, FileStamp looked) throws IOException {
    Path child = path.resolve(name);
    return new Directory(child, looked, secure(child, GuardedOpen.directory(this, stream, name)));
  }

  private static SecureDirectoryStream<Path> secure(Path path, DirectoryStream<Path> stream)
      throws IOException {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new FileSystemException(
        path.toString(), null, "this file system has no directory-relative operations");
  }

  /** {@return the path that this directory was opened by; it may have moved since} */
  public Path path() {
    return path;
  }

  /**
   * {@return the names in this directory, in order} Answers once: a directory is read through its
   * one descriptor.
   *
   * @throws IllegalStateException if asked again
   */
  public List<Path> names() throws IOException {
    List<Path> names = new ArrayList<>();
    forEach(entry -> names.add(entry.getFileName()));
    Collections.sort(names);
    return names;
  }

  /**
   * Names each entry to {@code visitor}, as a path below {@link #path}, in no order. Like {@link
   * #names}, it does so once; it is quicker where most names are of no interest.
   */
  public void forEach(Visitor visitor) throws IOException {
    try {
      for (Path entry : stream) {
        visitor.visit(entry);
      }
    } catch (DirectoryIteratorException unreadable) {
      throw unreadable.getCause();
    }
  }

  /** What is done with each entry. */
  @FunctionalInterface
  public interface Visitor {
    void visit(Path entry) throws IOException;
  }

  /**
   * What {@code stat} says of an entry.
   *
   * @param accessed when it was last read, as far as the mount keeps that. Not part of the stamp:
   *     to read a file does not change it
   */
  public record Entry(FileStamp stamp, FileTime accessed) {}

  /** {@return the stamp of {@code name} itself, be it a symbolic link} */
  public FileStamp stamp(Path name) throws IOException {
    return FileStamp.of(basic(name));
  }

  /** {@return the stamp of what {@code name} stands for, as {@code os.stat} answers} */
  public FileStamp following(Path name) throws IOException {
    return FileStamp.of(
        stream.getFileAttributeView(name, BasicFileAttributeView.class).readAttributes());
  }

  /** {@return the stamp of {@code name} itself, and when it was last read} */
  public Entry look(Path name) throws IOException {
    BasicFileAttributes attributes = basic(name);
    return new Entry(FileStamp.of(attributes), attributes.lastAccessTime());
  }

  private BasicFileAttributes basic(Path name) throws IOException {
    return stream
        .getFileAttributeView(name, BasicFileAttributeView.class, NO_FOLLOW)
        .readAttributes();
  }

  /** {@return the stamp that was taken just before this directory was opened} */
  public FileStamp stamp() {
    return stamp;
  }

  /** {@return the stamp of the directory that is open, as it is now} */
  public FileStamp restamp() throws IOException {
    return FileStamp.of(stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes());
  }

  /**
   * Reads from the start of the regular file {@code name} until {@code buffer} is full or the file
   * ends.
   *
   * @throws IOException if {@code name} is a symbolic link, too
   */
  public void read(Path name, ByteBuffer buffer) throws IOException {
    try (SeekableByteChannel channel = GuardedOpen.file(this, stream, name, READ)) {
      GuardedOpen.fill(channel, this, name, buffer);
    }
  }

  /**
   * {@return the regular file {@code name}, opened to read} A FIFO takes some seconds to be
   * refused: look at the stamp first.
   *
   * @throws IOException if {@code name} is a symbolic link, or a FIFO, too
   */
  public SeekableByteChannel openFile(Path name) throws IOException {
    return GuardedOpen.seekable(GuardedOpen.file(this, stream, name, READ), path.resolve(name));
  }

  /**
   * {@return all bytes of the regular file {@code name}}
   *
   * @param stamp the file's, just taken
   * @throws FileSystemException if it is not that file any more, or has more than {@code limit}
   *     bytes
   */
  public byte[] readWhole(Path name, FileStamp stamp, int limit) throws IOException {
    if (stamp.size() > limit) {
      throw new FileSystemException(
          path.resolve(name).toString(),
          null,
          "file is " + stamp.size() + " bytes, expected at most " + limit);
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) stamp.size());
    read(name, bytes);
    if (bytes.hasRemaining() || !stamp(name).equals(stamp)) {
      throw new FileSystemException(
          path.resolve(name).toString(), null, "changed while it was read");
    }
    return bytes.array();
  }

  /** {@return who owns the file {@code name} itself, and what they may do with it} */
  public PosixFileAttributes attributes(Path name) throws IOException {
    return stream
        .getFileAttributeView(name, PosixFileAttributeView.class, NO_FOLLOW)
        .readAttributes();
  }

  /** {@return who owns the directory that is open, and what they may do with it} */
  PosixFileAttributes attributes() throws IOException {
    return stream.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
  }

  /** {@return the regular file {@code name}, opened; a symbolic link is not} */
  SeekableByteChannel channel(Path name, OpenOption... how) throws IOException {
    Set<OpenOption> options = new HashSet<>(List.of(how));
    options.add(NOFOLLOW_LINKS);
    return GuardedOpen.seekable(GuardedOpen.file(this, stream, name, options), path.resolve(name));
  }

  /** {@return the file {@code name}, opened, whatever it is; a symbolic link is not} */
  SeekableByteChannel unguarded(Path name, OpenOption... how) throws IOException {
    Set<OpenOption> options = new HashSet<>(List.of(how));
    options.add(NOFOLLOW_LINKS);
    return stream.newByteChannel(name, options);
  }

  /**
   * Gives the file {@code name} itself to {@code owner} and {@code group}, chown(2).
   *
   * @throws FileSystemException if this process may not
   */
  public void give(Path name, UserPrincipal owner, GroupPrincipal group) throws IOException {
    PosixFileAttributeView view =
        stream.getFileAttributeView(name, PosixFileAttributeView.class, NO_FOLLOW);
    view.setGroup(group);
    view.setOwner(owner);
  }

  /**
   * Makes the file {@code name} anew and writes {@code pieces} to it, one after the other.
   *
   * @param permissions as for {@code open}: the umask takes its share
   * @throws java.nio.file.FileAlreadyExistsException if something has that name
   */
  public void create(Path name, Set<PosixFilePermission> permissions, byte[]... pieces)
      throws IOException {
    try (SeekableByteChannel channel =
        stream.newByteChannel(name, CREATE, PosixFilePermissions.asFileAttribute(permissions))) {
      write(channel, pieces);
    }
  }

  /** Writes {@code pieces} to {@code channel}, one after the other. */
  static void write(SeekableByteChannel channel, byte[]... pieces) throws IOException {
    ByteBuffer[] rest = Stream.of(pieces).map(ByteBuffer::wrap).toArray(ByteBuffer[]::new);
    if (channel instanceof GatheringByteChannel gathering) {
      // All at once, as far as the kernel takes it.
      while (Stream.of(rest).anyMatch(ByteBuffer::hasRemaining)) {
        gathering.write(rest);
      }
      return;
    }
    for (ByteBuffer piece : rest) {
      while (piece.hasRemaining()) {
        channel.write(piece);
      }
    }
  }

  /** Gives {@code name} another one, in {@code target}; what had that before is replaced. */
  public void move(Path name, Directory target, Path targetName) throws IOException {
    stream.move(name, target.stream, targetName);
  }

  /** Deletes the file {@code name}; of a symbolic link the link. */
  public void delete(Path name) throws IOException {
    stream.deleteFile(name);
  }

  /**
   * Deletes the directory {@code name}.
   *
   * @throws java.nio.file.DirectoryNotEmptyException if something is in it
   */
  public void deleteDirectory(Path name) throws IOException {
    stream.deleteDirectory(name);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
