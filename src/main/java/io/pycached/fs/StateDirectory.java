package io.pycached.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The directory in a prefix in which its keeper remembers things from one run to the next. Safe for
 * use by several threads, each of which may open it anew, as far as no two append to the same file.
 *
 * <p>Only the holder of the prefix's lock may use it. What is read from it is believed, and a
 * prefix may be writable by many: so the directory must be ours alone, and each time it is used it
 * is looked at again and made anew if it is gone. No symbolic link is followed, and nothing is
 * written through a file that has another name as well, which may be somebody else's file.
 *
 * <p>Names are single components that do not end in {@code .new}.
 */
public final class StateDirectory {
  private static final FileAttribute<?> DIRECTORY_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));
  private static final Set<PosixFilePermission> FILE_MODE =
      Set.of(OWNER_READ, OWNER_WRITE, GROUP_READ);
  private static final String PROBE = "probe.new";

  /**
   * Held while there is a file that ends in {@code .new}: to another thread that opens the
   * directory, it would look as if it had been left behind.
   */
  private static final Object FRESH = new Object();

  private final Path prefix;
  private final Path name;
  private final UserPrincipal self;

  private StateDirectory(Path prefix, Path name, UserPrincipal self) {
    this.prefix = prefix;
    this.name = name;
    this.self = self;
  }

  /** Says that what has the directory's name is not fit to keep anything in. */
  public static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(Path directory, String found) {
      super(
          directory
              + " is not used: expected a directory that only its owner, the user that"
              + " pycached runs as, can write to; found "
              + found);
    }
  }

  /**
   * {@return the directory {@code name} of {@code prefix}} It is made if it is not there; what an
   * interrupted {@link #write} left in it is removed.
   *
   * @param prefix an existing directory
   * @throws RefusedException if something else has the name, or somebody else may write there
   */
  public static StateDirectory open(Path prefix, String name) throws IOException {
    Path single = prefix.getFileSystem().getPath(name);
    synchronized (FRESH) {
      try (Directory directory = openOrMake(prefix, single)) {
        requirePrivate(directory);
        UserPrincipal self = self(directory);
        requireOwner(directory, self);
        for (Path left : directory.names()) {
          if (left.toString().endsWith(".new") && !directory.stamp(left).isDirectory()) {
            deleteIfThere(directory, left);
          }
        }
        return new StateDirectory(prefix, single, self);
      }
    }
  }

  /** {@return where it is} */
  public Path path() {
    return prefix.resolve(name);
  }

  /**
   * {@return all bytes of the file {@code file}; nothing if there is none that could be ours}
   *
   * @throws FileSystemException if it has more than {@code limit} bytes
   */
  public Optional<byte[]> read(Path file, int limit) throws IOException {
    try (Directory directory = reach()) {
      return isOurs(directory, file)
          ? Optional.of(directory.readWhole(file, directory.stamp(file), limit))
          : Optional.empty();
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    }
  }

  /**
   * Makes {@code pieces}, one after the other, the file {@code file}, which appears whole or not at
   * all.
   */
  public void write(Path file, byte[]... pieces) throws IOException {
    try (Directory directory = reach()) {
      replace(directory, file, pieces);
    }
  }

  /**
   * Adds {@code lines}, each of which ends in a line feed, to the end of {@code file}. If that ends
   * in half a line, as after a crash, the first one starts on a new line.
   *
   * <p>A crash leaves the first of them whole, then a part of one at most; a full disk leaves the
   * file as it was.
   */
  public void append(Path file, byte[] lines) throws IOException {
    try (Directory directory = reach()) {
      if (!isOurs(directory, file)) {
        replace(directory, file, lines);
        return;
      }
      boolean whole = endsALine(directory, file);
      try (SeekableByteChannel channel = directory.channel(file, APPEND)) {
        long before = channel.size();
        try {
          if (!whole) {
            Directory.write(channel, new byte[] {'\n'});
          }
          Directory.write(channel, lines);
        } catch (IOException full) {
          channel.truncate(before);
          throw full;
        }
      }
    }
  }

  /** {@return how many bytes the file {@code file} has; 0 if there is none that could be ours} */
  public long size(Path file) throws IOException {
    try (Directory directory = reach()) {
      return isOurs(directory, file) ? directory.stamp(file).size() : 0;
    }
  }

  /** Gives the file {@code file} the name {@code target}; what had that before is replaced. */
  public void rename(Path file, Path target) throws IOException {
    try (Directory directory = reach()) {
      directory.move(file, directory, target);
    }
  }

  /** Opens the directory, which may be another one than the last time. */
  private Directory reach() throws IOException {
    Directory directory = openOrMake(prefix, name);
    try {
      requirePrivate(directory);
      requireOwner(directory, self);
      return directory;
    } catch (IOException | RuntimeException refused) {
      directory.close();
      throw refused;
    }
  }

  private static Directory openOrMake(Path prefix, Path name) throws IOException {
    Path path = prefix.resolve(name);
    try (Directory top = Directory.openFollowing(prefix)) {
      try {
        return top.open(name);
      } catch (NoSuchFileException missing) {
        try {
          Files.createDirectory(path, DIRECTORY_MODE);
        } catch (FileAlreadyExistsException othersWereFaster) {
          return top.open(name);
        }
        return top.open(name);
      }
    } catch (NotDirectoryException other) {
      if (path.toString().equals(other.getFile())) {
        throw new RefusedException(
            path, Files.isSymbolicLink(path) ? "a symbolic link" : "something else");
      }
      throw other;
    }
  }

  private static void requirePrivate(Directory directory) throws IOException {
    Set<PosixFilePermission> permissions = directory.attributes().permissions();
    if (!Collections.disjoint(permissions, Set.of(GROUP_WRITE, OTHERS_WRITE))) {
      throw new RefusedException(
          directory.path(), "its mode " + PosixFilePermissions.toString(permissions));
    }
  }

  private static void requireOwner(Directory directory, UserPrincipal self) throws IOException {
    UserPrincipal owner = directory.attributes().owner();
    if (!owner.equals(self)) {
      throw new RefusedException(
          directory.path(), "it to belong to " + owner.getName() + ", not to " + self.getName());
    }
  }

  /** The user that we run as: who owns what we make. */
  private static UserPrincipal self(Directory directory) throws IOException {
    Path probe = directory.path().getFileSystem().getPath(PROBE);
    deleteIfThere(directory, probe);
    directory.create(probe, FILE_MODE);
    try {
      return directory.attributes(probe).owner();
    } finally {
      deleteIfThere(directory, probe);
    }
  }

  /** Whether {@code file} is a plain file of ours that has no other name. */
  private boolean isOurs(Directory directory, Path file) throws IOException {
    try {
      FileStamp stamp = directory.stamp(file);
      PosixFileAttributes attributes = directory.attributes(file);
      // The JDK tells of links by path only. What it tells is of this file if it has its inode.
      Map<String, Object> byPath =
          Files.readAttributes(
              directory.path().resolve(file), "unix:nlink,fileKey", NOFOLLOW_LINKS);
      return stamp.isRegular()
          && attributes.owner().equals(self)
          && stamp.key().equals(byPath.get("fileKey"))
          && Integer.valueOf(1).equals(byPath.get("nlink"));
    } catch (NoSuchFileException missing) {
      return false;
    }
  }

  private static void replace(Directory directory, Path file, byte[]... pieces) throws IOException {
    Path fresh = file.resolveSibling(file + ".new");
    synchronized (FRESH) {
      deleteIfThere(directory, fresh);
      try {
        directory.create(fresh, FILE_MODE, pieces);
        directory.move(fresh, directory, file);
      } catch (IOException | RuntimeException failed) {
        // A full disk leaves an empty file, or half of one.
        deleteIfThere(directory, fresh);
        throw failed;
      }
    }
  }

  private static boolean endsALine(Directory directory, Path file) throws IOException {
    try (SeekableByteChannel channel = directory.openFile(file)) {
      if (channel.size() == 0) {
        return true;
      }
      ByteBuffer last = ByteBuffer.allocate(1);
      channel.position(channel.size() - 1);
      return channel.read(last) == 1 && last.get(0) == '\n';
    }
  }

  private static void deleteIfThere(Directory directory, Path file) throws IOException {
    try {
      directory.delete(file);
    } catch (NoSuchFileException missing) {
      return;
    }
  }
}
