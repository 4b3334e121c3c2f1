package io.pycached.survey;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Iterator;

/** What is known of a pair's source directory. */
public sealed interface SourceSide extends Closeable {

  /**
   * It is there.
   *
   * @param vouched whether a project stands for it, so that what is not there counts as gone.
   *     Elsewhere it may just live in another mount namespace
   */
  record Open(Directory directory, boolean vouched) implements SourceSide {
    @Override
    public SourceSide child(Path name) {
      try {
        FileStamp stamp = directory.stamp(name);
        if (stamp.isDirectory()) {
          return new Open(directory.open(name, stamp), vouched);
        }
        if (stamp.kind() == FileStamp.Kind.SYMLINK) {
          return behindLink(name);
        }
        return gone(name);
      } catch (NoSuchFileException missing) {
        return gone(name);
      } catch (IOException unreadable) {
        return new Unreadable(Obstacle.of(unreadable));
      }
    }

    private SourceSide behindLink(Path name) throws IOException {
      FileStamp target;
      try {
        target = directory.stampFollowing(name);
      } catch (NoSuchFileException dangling) {
        // The target may be on a disk that is not mounted: no proof of anything.
        return new Unreadable(directory.path().resolve(name) + " is a dangling symbolic link");
      }
      return target.isDirectory()
          ? new Open(directory.openFollowing(name, target), vouched)
          : gone(name);
    }

    private SourceSide gone(Path name) {
      return vouched
          ? new Missing()
          : new Unreadable("no project vouches for " + directory.path().resolve(name));
    }

    @Override
    public void close() throws IOException {
      directory.close();
    }
  }

  /** It is provably not there, below a project root that is. */
  record Missing() implements SourceSide {}

  /** Nobody can say what is there. */
  record Unreadable(String why) implements SourceSide {}

  /** The project's root itself is not there, or stands empty as an unmounted disk leaves it. */
  record Vanished(String why) implements SourceSide {}

  /**
   * {@return what is known of the subdirectory {@code name}} An {@link Open} one is the caller's to
   * close.
   */
  default SourceSide child(Path name) {
    return this;
  }

  @Override
  default void close() throws IOException {}

  /** {@return what is known of a project's root, as this process sees it} */
  static SourceSide ofRoot(Path root) {
    try {
      Directory directory = Directory.openFollowing(root);
      try (Directory probe = Directory.openFollowing(root)) {
        if (!probe.names().isEmpty()) {
          return new Open(directory, true);
        }
      } catch (IOException failed) {
        directory.close();
        throw failed;
      }
      directory.close();
      return new Vanished(root + " is empty, as an unmounted disk leaves it");
    } catch (NoSuchFileException missing) {
      return new Vanished(root + " is not there");
    } catch (NotDirectoryException file) {
      return new Vanished(root + " is not a directory");
    } catch (IOException unreadable) {
      return new Unreadable(Obstacle.of(unreadable));
    }
  }

  /** {@return what is known of {@code directory}, which no project stands for} */
  static SourceSide unclaimed(Path directory) {
    SourceSide side;
    try {
      side = new Open(Directory.openFollowing(directory.getRoot()), false);
    } catch (IOException unreadable) {
      return new Unreadable(Obstacle.of(unreadable));
    }
    return side.descend(directory.getRoot().relativize(directory));
  }

  /**
   * {@return what is known of the directory at {@code relative} below this one, which is closed}
   */
  default SourceSide descend(Path relative) {
    SourceSide side = this;
    Iterator<Path> names = relative.iterator();
    while (names.hasNext()) {
      Path name = names.next();
      if (name.toString().isEmpty()) {
        continue;
      }
      SourceSide child = side.child(name);
      if (child != side) {
        closeQuietly(side);
      }
      side = child;
    }
    return side;
  }

  private static void closeQuietly(SourceSide side) {
    try {
      side.close();
    } catch (IOException closing) {
      // A directory that was only read has nothing to lose; its descriptor is gone either way
      // (close(2)).
    }
  }
}
