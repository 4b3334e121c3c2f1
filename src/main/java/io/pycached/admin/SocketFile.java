package io.pycached.admin;

import io.pycached.layout.RawPath;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/**
 * The file of a listening Unix socket, from before it is bound until it is removed.
 *
 * <p>A socket gets its mode from the umask when it is bound, and the JDK can change it only then.
 * So that nobody connects in between, the socket is bound inside a new directory that only its
 * owner may enter, given its mode there, and then renamed to where clients look for it; a bound
 * socket follows its file. Two daemons that start in the same instant are kept apart by the
 * prefix's lock, not here.
 *
 * <p>That directory is named after the socket, so that the next daemon knows what one left that was
 * killed in between.
 */
final class SocketFile {
  /** What fits into {@code sockaddr_un.sun_path} beside the NUL (unix(7)). */
  static final int MAX_PATH_BYTES = 107;

  private static final int MODE_TYPE = 0170000;
  private static final int MODE_SOCKET = 0140000;
  private static final int MAX_NAME_TRIES = 100;
  private static final String STAGED_NAME = "s";

  private final Path path;
  private final boolean inherited;
  private final Path stagingDirectory;
  private final UserPrincipal owner;
  private Object fileKey;

  private SocketFile(Path path, boolean inherited, Path stagingDirectory, UserPrincipal owner) {
    this.path = path;
    this.inherited = inherited;
    this.stagingDirectory = stagingDirectory;
    this.owner = owner;
    // Equals no file's key.
    this.fileKey = new Object();
  }

  /**
   * Makes way for a socket at {@code path}: creates its directory, if only that is missing, and
   * removes the file of a socket that nobody listens on.
   *
   * @throws BindException if somebody does, or the path is too long
   * @throws FileAlreadyExistsException if something that is no socket is there
   */
  static SocketFile claim(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent == null) {
      throw new BindException(path + ": not a path for a socket");
    }
    requireShort(path, path);
    requireShort(path, stagingDirectory(path, 0).resolve(STAGED_NAME));
    if (!Files.isDirectory(parent)) {
      Files.createDirectory(
          parent,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    }
    requireFree(path);
    for (int i = 0; i < MAX_NAME_TRIES; i++) {
      Path directory = stagingDirectory(path, i);
      try {
        removeLeft(directory);
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new SocketFile(path, false, directory, Files.getOwner(directory));
      } catch (FileAlreadyExistsException | DirectoryNotEmptyException | BindException taken) {
        // Another name, then.
      }
    }
    throw new FileAlreadyExistsException(parent.toString(), null, "full of other sockets' names");
  }

  /**
   * Removes the file of a socket that nobody listens on.
   *
   * @throws IOException as {@link #claim}
   */
  static void requireFree(Path path) throws IOException {
    requireShort(path, path);
    removeStale(path);
  }

  /**
   * {@return the file at {@code path} of a socket that the service manager made, and that it keeps}
   * There is nothing to bind, to publish or to remove.
   */
  static SocketFile inherited(Path path) throws IOException {
    Path self = path.getFileSystem().getPath("/proc/self");
    return new SocketFile(path, true, path.resolveSibling(".inherited"), Files.getOwner(self));
  }

  /** Short, so that it rarely is what makes a path too long. */
  private static Path stagingDirectory(Path path, int tries) {
    int name = RawPath.of(path.getFileName()).hashCode();
    return path.resolveSibling("." + (1_000_000 + Math.floorMod(name + tries, 9_000_000)));
  }

  /** Removes a directory of ours, and the socket in it, if nobody listens on that. */
  private static void removeLeft(Path directory) throws IOException {
    Path self = directory.getFileSystem().getPath("/proc/self");
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(self))) {
      removeStale(directory.resolve(STAGED_NAME));
      Files.deleteIfExists(directory);
    }
  }

  private static void requireShort(Path path, Path bound) throws BindException {
    int bytes = RawPath.of(bound).length();
    if (bytes > MAX_PATH_BYTES) {
      throw new BindException(
          path + ": too long for a socket: " + bytes + " bytes, at most " + MAX_PATH_BYTES);
    }
  }

  private static void removeStale(Path path) throws IOException {
    int mode;
    try {
      mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException free) {
      return;
    }
    if ((mode & MODE_TYPE) != MODE_SOCKET) {
      throw new FileAlreadyExistsException(path.toString(), null, "not a socket; left alone");
    }
    // Not blocking: to connect to a socket whose owner hangs would wait for it.
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(path));
      throw inUse(path);
    } catch (ConnectException refused) {
      Files.deleteIfExists(path);
    } catch (BindException notOurs) {
      // The JDK's name for EACCES and EPERM as well.
      throw notOurs;
    } catch (SocketException backlogFull) {
      throw inUse(path);
    }
  }

  private static BindException inUse(Path path) {
    return new BindException(path + " is in use by another process");
  }

  /** {@return the user that this process runs as: what it creates is its own} */
  UserPrincipal owner() {
    return owner;
  }

  /** {@return whether the socket is there already, and not ours to close} */
  boolean isInherited() {
    return inherited;
  }

  /** {@return where to bind the socket} */
  Path staged() {
    return stagingDirectory.resolve(STAGED_NAME);
  }

  /** Gives the bound socket mode 0660 and its final name. */
  void publish() throws IOException {
    if (inherited) {
      return;
    }
    Files.setPosixFilePermissions(staged(), PosixFilePermissions.fromString("rw-rw----"));
    try {
      // Without REPLACE_EXISTING: what came meanwhile is another's.
      Files.move(staged(), path);
    } catch (FileAlreadyExistsException taken) {
      throw inUse(path);
    }
    fileKey = key();
    Files.delete(stagingDirectory);
  }

  /**
   * Removes what {@link #claim} and {@link #publish} made, and no other's file. To be called while
   * the socket is open: until then its inode, by which its file is known, is not used again.
   */
  void remove() throws IOException {
    if (inherited) {
      return;
    }
    try {
      if (fileKey.equals(key())) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException gone) {
      // Somebody removed it already.
    }
    if (Files.exists(stagingDirectory, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(staged());
      Files.delete(stagingDirectory);
    }
  }

  private Object key() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }
}
