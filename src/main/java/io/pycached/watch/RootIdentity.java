package io.pycached.watch;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * Which directory a root is.
 *
 * <p>A file key alone (device and inode) does not tell a directory from the one that was deleted
 * and created again: ext4 gives the same inode number out at once. The time of birth does, where
 * the file system has one; where it has none, or the JDK cannot ask (statx(2)), the JDK answers
 * with the time of the last modification, which therefore counts as unknown. What remains hidden
 * then is mostly told by the watcher, whose last directory is gone.
 *
 * @param fileKey device and inode
 * @param birth when it was created, if known
 */
record RootIdentity(Object fileKey, Optional<FileTime> birth) {
  /**
   * {@return the directory that {@code root} is or links to}
   *
   * @throws NoSuchFileException if nothing is there
   * @throws NotDirectoryException if it is no directory
   */
  static RootIdentity of(Path root) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(root, BasicFileAttributes.class);
    if (!attributes.isDirectory()) {
      throw new NotDirectoryException(root.toString());
    }
    FileTime birth = attributes.creationTime();
    return new RootIdentity(
        attributes.fileKey(),
        birth.equals(attributes.lastModifiedTime()) ? Optional.empty() : Optional.of(birth));
  }

  /** {@return whether {@code other} is the same directory, as far as can be told} */
  boolean isSame(RootIdentity other) {
    return fileKey.equals(other.fileKey)
        && (birth.isEmpty() || other.birth.isEmpty() || birth.equals(other.birth));
  }

  /** {@return for people, why there is no root} */
  static String explain(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return failure.getMessage() + " does not exist";
    }
    if (failure instanceof NotDirectoryException) {
      return failure.getMessage() + " is not a directory";
    }
    if (failure instanceof AccessDeniedException) {
      return failure.getMessage() + " cannot be read: permission denied";
    }
    return failure.toString();
  }
}
