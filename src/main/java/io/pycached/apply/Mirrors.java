package io.pycached.apply;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.PycachePrefix;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The mirrors that are written to: reached without following a link below the prefix, made if they
 * are not there, and kept open for a while, since the next file mostly goes where the last one
 * went. Safe for use by any thread.
 */
final class Mirrors {
  /** Bound on those that are kept open. */
  static final int MAX_KEPT = 8;

  private final PycachePrefix prefix;
  private final Access access;
  private final Object making = new Object();

  /** The one that was given back last is first. Guarded by itself. */
  private final Deque<Directory> kept = new ArrayDeque<>();

  Mirrors(PycachePrefix prefix, Access access) {
    this.prefix = prefix;
    this.access = access;
  }

  /** {@return the directory {@code mirror}, for one thread: to be closed, or to be kept} */
  Directory open(Path mirror) throws IOException {
    Directory last = takeKept(mirror);
    if (last != null) {
      if (isStillThere(last)) {
        return last;
      }
      release(last);
    }
    Path relative = prefix.path().relativize(mirror);
    try {
      return Directory.descend(prefix.path(), relative);
    } catch (NoSuchFileException missing) {
      return make(relative);
    }
  }

  private @Nullable Directory takeKept(Path mirror) {
    synchronized (kept) {
      for (Iterator<Directory> each = kept.iterator(); each.hasNext(); ) {
        Directory directory = each.next();
        if (directory.path().equals(mirror)) {
          each.remove();
          return directory;
        }
      }
      return null;
    }
  }

  /** Whether it is what would be reached now, and no link is on the way there. */
  private boolean isStillThere(Directory mirror) {
    try {
      Path path = prefix.path();
      FileStamp stamp = null;
      for (Path name : prefix.path().relativize(mirror.path())) {
        path = path.resolve(name);
        stamp = FileStamp.of(path);
        if (!stamp.isDirectory()) {
          return false;
        }
      }
      return stamp != null && stamp.key().equals(mirror.stamp().key());
    } catch (IOException unclear) {
      return false;
    }
  }

  /** Takes back what {@link #open} gave, for whoever asks for it next. */
  void keep(Directory mirror) {
    Directory superfluous;
    synchronized (kept) {
      kept.push(mirror);
      superfluous = kept.size() > MAX_KEPT ? kept.removeLast() : null;
    }
    if (superfluous != null) {
      release(superfluous);
    }
  }

  /** Closes those that are kept: an open directory holds up its file system's unmounting. */
  void closeKept() {
    while (true) {
      Directory directory;
      synchronized (kept) {
        directory = kept.poll();
      }
      if (directory == null) {
        return;
      }
      release(directory);
    }
  }

  private static void release(Directory directory) {
    try {
      directory.close();
    } catch (IOException closedAllTheSame) {
      // close(2) gives the descriptor back whatever it says, and a directory has no writes to lose.
      return;
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
        deleteIfThere(top, fresh);
        access.makeDirectory(prefix.path().resolve(fresh));
        top.move(fresh, parent, name);
      } catch (FileAlreadyExistsException | DirectoryNotEmptyException othersWereFaster) {
        return;
      }
    }
  }

  /** What a process left that was killed may have another owner or mode than it should. */
  private static void deleteIfThere(Directory top, Path name) throws IOException {
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
}
