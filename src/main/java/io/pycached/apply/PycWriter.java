package io.pycached.apply;

import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import io.pycached.fs.Directory;
import io.pycached.layout.MirrorName;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.RawPath;
import java.io.IOException;
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
  private final Mirrors mirrors;
  private final AtomicLong written = new AtomicLong(System.nanoTime() & Long.MAX_VALUE);
  private final Object probing = new Object();

  /**
   * @param prefix must exist
   * @param access who may write beside this process
   */
  public PycWriter(PycachePrefix prefix, Access access) {
    this.prefix = prefix;
    this.access = access;
    this.mirrors = new Mirrors(prefix, access);
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
    try {
      writeOnce(mirrors.open(mirror), temporary, name, source, pieces);
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

  private void writeOnce(
      Directory directory, Path temporary, Path name, PosixFileAttributes source, byte[][] pieces)
      throws IOException {
    boolean written = false;
    try {
      directory.create(temporary, access.permissions(source.permissions()), pieces);
      Readers.of(source).admit(directory, temporary);
      directory.move(temporary, directory, name);
      written = true;
    } finally {
      if (written) {
        mirrors.keep(directory);
      } else {
        directory.close();
      }
    }
  }

  /** Closes the mirrors that stay open for the next file; to be called when there is none. */
  public void rest() {
    mirrors.closeKept();
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
      synchronized (probing) {
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

  /** A disk that is full leaves an empty file, or half of one. */
  private void discard(Path mirror, Path temporary) {
    try {
      delete(mirror, temporary);
    } catch (IOException leftForTheNextSurvey) {
      return;
    }
  }
}
