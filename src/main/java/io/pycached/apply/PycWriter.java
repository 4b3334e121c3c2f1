package io.pycached.apply;

import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import io.pycached.fs.Directory;
import io.pycached.layout.MirrorName;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes bytecode files into mirrors. Safe for use by any thread; one process at a time, by the
 * prefix's lock.
 *
 * <p>As {@code importlib._bootstrap_external._write_atomic} does it: into a new file beside the
 * target, which then takes the target's name, so that no interpreter ever sees half of one. A
 * mirror that is not there yet is made.
 */
public final class PycWriter {
  /** As many as the shortest bytecode takes on most disks. */
  private static final int PROBE_BYTES = 4_096;

  /** How often a mirror is made that is removed, being empty, before it is written to. */
  private static final int MAX_ATTEMPTS = 3;

  private final PycachePrefix prefix;
  private final Access access;
  private final AtomicLong written = new AtomicLong(System.nanoTime() & Long.MAX_VALUE);
  private final Object making = new Object();

  /**
   * @param prefix must exist
   * @param access who may write beside this process
   */
  public PycWriter(PycachePrefix prefix, Access access) {
    this.prefix = prefix;
    this.access = access;
  }

  /**
   * Makes {@code pieces}, one after the other, the file {@code name} of {@code mirror}.
   *
   * @param mirror a directory in the prefix, absolute
   * @param source whose the source is, and who may read it: the same may read the bytecode
   * @throws PrivateSourceException if that cannot be
   * @throws FileSystemException if something else than a directory is in the way to the mirror, be
   *     it a symbolic link to one, or a directory has the file's name
   */
  public void write(Path mirror, Path name, PosixFileAttributes source, byte[]... pieces)
      throws IOException {
    int attempts = 1;
    while (!writeOnce(mirror, name, source, pieces, attempts == MAX_ATTEMPTS)) {
      attempts++;
    }
  }

  /** Returns false if the mirror was removed meanwhile, unless it is the {@code last} attempt. */
  private boolean writeOnce(
      Path mirror, Path name, PosixFileAttributes source, byte[][] pieces, boolean last)
      throws IOException {
    Path temporary =
        RawPath.toPath(
            name.getFileSystem(),
            RawPath.of(name) + "." + MirrorName.Temporary.OWN + written.getAndIncrement());
    try (Directory directory = open(prefix.path().relativize(mirror))) {
      directory.create(temporary, access.permissions(source.permissions()), pieces);
      Readers.of(source).admit(directory, temporary);
      directory.move(temporary, directory, name);
      return true;
    } catch (NoSuchFileException removed) {
      discard(mirror, temporary);
      if (last) {
        throw removed;
      }
      return false;
    } catch (IOException | RuntimeException failed) {
      discard(mirror, temporary);
      throw failed;
    }
  }

  /**
   * Deletes a file that was written a moment ago.
   *
   * @param mirror a directory in the prefix, absolute
   */
  public void delete(Path mirror, Path name) throws IOException {
    try (Directory directory = Directory.descend(prefix.path(), prefix.path().relativize(mirror))) {
      deleteIfThere(directory, name);
    }
  }

  /**
   * {@return why nothing can be written to the prefix at all: the disk is full, or read-only;
   * nothing if it can}
   */
  public Optional<IOException> probe() {
    Path name = prefix.path().getFileSystem().getPath(PycachePrefix.PROBE_FILE);
    try (Directory top = Directory.openFollowing(prefix.path())) {
      synchronized (making) {
        deleteIfThere(top, name);
        try {
          top.create(name, EnumSet.of(OWNER_WRITE), new byte[PROBE_BYTES]);
        } finally {
          deleteIfThere(top, name);
        }
      }
      return Optional.empty();
    } catch (IOException failed) {
      return Optional.of(failed);
    }
  }

  private static void deleteIfThere(Directory directory, Path name) throws IOException {
    try {
      directory.delete(name);
    } catch (NoSuchFileException notEvenMade) {
      return;
    }
  }

  /** What a process left that was killed may have another owner or mode than it should. */
  private static void deleteDirectoryIfThere(Directory top, Path name) throws IOException {
    try {
      top.open(name).close();
      top.deleteDirectory(name);
    } catch (NoSuchFileException usual) {
      return;
    } catch (DirectoryNotEmptyException used) {
      throw new FileSystemException(
          top.path().resolve(name).toString(), null, "expected an empty directory, if any");
    }
  }

  /** A disk that is full leaves an empty file, or half of one. */
  private void discard(Path mirror, Path temporary) {
    try {
      delete(mirror, temporary);
    } catch (IOException leftForTheNextSurvey) {
      return;
    }
  }

  private Directory open(Path relative) throws IOException {
    try {
      return Directory.descend(prefix.path(), relative);
    } catch (NoSuchFileException missing) {
      return make(relative);
    }
  }

  /**
   * Opens a mirror and makes what is missing on the way. Java cannot make a directory relative to
   * an open one, but it can move one there: so nobody can lead it out of the prefix by swapping a
   * directory for a symbolic link in between.
   */
  private Directory make(Path relative) throws IOException {
    synchronized (making) {
      Directory directory = Directory.openFollowing(prefix.path());
      try {
        for (Path name : relative) {
          makeMissing(directory, name);
          directory = directory.enter(name);
        }
        return directory;
      } catch (IOException | RuntimeException failed) {
        directory.close();
        throw failed;
      }
    }
  }

  private void makeMissing(Directory parent, Path name) throws IOException {
    try {
      parent.stamp(name);
    } catch (NoSuchFileException missing) {
      Path fresh = prefix.path().getFileSystem().getPath(PycachePrefix.NEW_DIRECTORY);
      try (Directory top = Directory.openFollowing(prefix.path())) {
        deleteDirectoryIfThere(top, fresh);
        access.makeDirectory(prefix.path().resolve(fresh));
        top.move(fresh, parent, name);
      } catch (FileAlreadyExistsException | DirectoryNotEmptyException othersWereFaster) {
        return;
      }
    }
  }
}
