package io.pycached.survey;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is known of a pair's source directory.
 *
 * <p>Sources are only read, and interpreters reach them by path and through symbolic links; so does
 * this. It holds no descriptor: a source directory whose names are not asked for is not even
 * opened.
 */
public sealed interface SourceSide {

  /**
   * It is there.
   *
   * @param path as this process sees it
   * @param stamp of the directory, taken before anything in it was looked at
   * @param voucher says whether what is not there counts as gone
   */
  record Open(Path path, FileStamp stamp, Voucher voucher) implements SourceSide {
    @Override
    public SourceSide child(Path name) {
      Path child = path.resolve(name);
      try {
        FileStamp own = FileStamp.of(child);
        if (own.isDirectory()) {
          return new Open(child, own, voucher);
        }
        return own.kind() == FileStamp.Kind.SYMLINK ? behindLink(child) : gone(child);
      } catch (NoSuchFileException missing) {
        return gone(child);
      } catch (IOException unreadable) {
        return new Unreadable(Obstacle.of(unreadable));
      }
    }

    private SourceSide behindLink(Path child) throws IOException {
      FileStamp target;
      try {
        target = FileStamp.following(child);
      } catch (NoSuchFileException dangling) {
        // The target may be on a disk that is not mounted: no proof of anything.
        return new Unreadable(child + " is a dangling symbolic link");
      }
      return target.isDirectory() ? new Open(child, target, voucher) : gone(child);
    }

    private SourceSide gone(Path child) {
      Optional<String> objection = voucher.objection(path, stamp, child);
      return objection.isPresent()
          ? new Unreadable(objection.get())
          : new Missing(voucher.evidence(path));
    }
  }

  /**
   * It is provably not there.
   *
   * @param evidence for that in words; may be empty
   */
  record Missing(String evidence) implements SourceSide {}

  /** Nobody can say what is there. */
  record Unreadable(String why) implements SourceSide {}

  /** The project's root itself is not there, or stands empty as an unmounted disk leaves it. */
  record Vanished(String why) implements SourceSide {}

  /** {@return what is known of the subdirectory {@code name}} */
  default SourceSide child(Path name) {
    return this;
  }

  /** {@return what is known of the directory at {@code relative} below this one} */
  default SourceSide descend(Path relative) {
    SourceSide side = this;
    for (Path name : relative) {
      if (!name.toString().isEmpty()) {
        side = side.child(name);
      }
    }
    return side;
  }

  /** {@return what is known of a project's root, as this process sees it} */
  static SourceSide ofRoot(Path root) {
    try {
      FileStamp stamp = FileStamp.following(root);
      if (!stamp.isDirectory()) {
        return new Vanished(root + " is not a directory");
      }
      return Directory.isEmpty(root)
          ? new Vanished(root + " is empty, as an unmounted disk leaves it")
          : new Open(root, stamp, Voucher.PROJECT);
    } catch (NoSuchFileException missing) {
      return new Vanished(root + " is not there");
    } catch (NotDirectoryException file) {
      return new Vanished(root + " is not a directory");
    } catch (IOException unreadable) {
      return new Unreadable(Obstacle.of(unreadable));
    }
  }

  /** {@return what is known of {@code directory}, which no project stands for} */
  static SourceSide unclaimed(Path directory, Voucher voucher) {
    Path root = directory.getRoot();
    try {
      return new Open(root, FileStamp.following(root), voucher).descend(root.relativize(directory));
    } catch (IOException unreadable) {
      return new Unreadable(Obstacle.of(unreadable));
    }
  }
}
