package io.pycached.clean;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import java.io.IOException;
import java.nio.file.Path;

/** Offers bytecode a new place, before the old one goes. */
public interface Adoption {

  /** What became of one file. */
  sealed interface Answer {}

  /** It lies in the prefix now. */
  record Adopted() implements Answer {}

  /** It is not right, or not wanted; it goes all the same. */
  record Declined(String why) implements Answer {}

  /**
   * Looks at the bytecode file {@code name}, which its walker is about to delete.
   *
   * @param pycache the {@code __pycache__} directory, open
   * @param source the directory that it lies in, as the tree was named: that of the sources
   * @param stamp of the file; a file that has changed since is not deleted
   * @throws IOException if that cannot be decided or done now: the file stays
   */
  Answer adopt(
      Directory pycache, Path source, Path name, MirrorName.Bytecode meaning, FileStamp stamp)
      throws IOException;

  /** {@return one that moves nothing} */
  static Adoption none() {
    return (pycache, source, name, meaning, stamp) -> new Declined("not asked for");
  }
}
