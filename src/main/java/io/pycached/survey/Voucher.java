package io.pycached.survey;

import io.pycached.fs.FileStamp;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Says whether a source that is not there counts as gone: it may as well be on a disk that is not
 * mounted, or live in another mount namespace. Safe for use by any thread.
 */
public interface Voucher {
  /** A project stands for its tree: below its root, what is not there is gone. */
  Voucher PROJECT = (directory, stamp, missing) -> Optional.empty();

  /** Nobody stands for anything. */
  Voucher NOBODY = (directory, stamp, missing) -> Optional.of("no project vouches for " + missing);

  /**
   * {@return why {@code missing} does not count as gone; nothing if it does}
   *
   * @param directory the one that it should be in, which is there
   * @param stamp of that directory
   */
  Optional<String> objection(Path directory, FileStamp stamp, Path missing);

  /** {@return what speaks for it that what is not in {@code directory} is gone; may be empty} */
  default String evidence(Path directory) {
    return "";
  }
}
