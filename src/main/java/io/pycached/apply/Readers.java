package io.pycached.apply;

import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;

import io.pycached.fs.Directory;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Those who may read a source, and so its bytecode.
 *
 * <p>With the source's permission bits that is so by itself if everybody may, or if the bytecode
 * has the source's owner and group. Otherwise the bytecode is given to them: its owner may change
 * it then, but could have changed the source as well.
 */
record Readers(PosixFileAttributes source) {
  static Readers of(PosixFileAttributes source) {
    return new Readers(source);
  }

  /**
   * Makes sure that they, and nobody else, may read the file {@code name} of {@code directory},
   * which has the source's permission bits.
   *
   * @throws PrivateSourceException if this process may not do what that takes
   */
  void admit(Directory directory, Path name) throws IOException {
    if (source.permissions().contains(OTHERS_READ)) {
      return;
    }
    PosixFileAttributes own = directory.attributes(name);
    boolean sameGroup =
        !source.permissions().contains(GROUP_READ) || own.group().equals(source.group());
    if (own.owner().equals(source.owner()) && sameGroup) {
      return;
    }
    try {
      directory.give(name, source.owner(), source.group());
    } catch (FileSystemException notOurs) {
      PrivateSourceException failure =
          new PrivateSourceException(directory.path().resolve(name).toString());
      failure.initCause(notOurs);
      throw failure;
    }
  }
}
