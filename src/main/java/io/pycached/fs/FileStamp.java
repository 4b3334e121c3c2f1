package io.pycached.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code stat} said of a file at one moment. Two equal stamps mean that the name still stands
 * for the same, unchanged file, as far as a clock can tell.
 *
 * @param key the device and inode, as {@link BasicFileAttributes#fileKey}
 * @param size in bytes
 */
public record FileStamp(Kind kind, Object key, long size, FileTime mtime) {

  /** What a directory entry is. */
  public enum Kind {
    REGULAR,
    DIRECTORY,
    SYMLINK,
    /** A device, a FIFO or a socket: never opened. */
    SPECIAL
  }

  /** {@return the stamp of {@code path} itself, be it a symbolic link} */
  public static FileStamp of(Path path) throws IOException {
    return of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
  }

  /** {@return the stamp of what {@code path} stands for, as {@code os.stat} answers} */
  public static FileStamp following(Path path) throws IOException {
    return of(Files.readAttributes(path, BasicFileAttributes.class));
  }

  static FileStamp of(BasicFileAttributes attributes) {
    Kind kind =
        attributes.isRegularFile()
            ? Kind.REGULAR
            : attributes.isDirectory()
                ? Kind.DIRECTORY
                : attributes.isSymbolicLink() ? Kind.SYMLINK : Kind.SPECIAL;
    Object key = Objects.requireNonNull(attributes.fileKey(), "this file system has no inodes");
    return new FileStamp(kind, key, attributes.size(), attributes.lastModifiedTime());
  }

  // Both by hand: a record's own are put together from method handles at the first call, which
  // takes milliseconds, and short commands' compiler does not inline them.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileStamp that
        && size == that.size
        && kind == that.kind
        && key.equals(that.key)
        && mtime.equals(that.mtime);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * key.hashCode() + Long.hashCode(size)) + mtime.hashCode();
  }

  public boolean isRegular() {
    return kind == Kind.REGULAR;
  }

  public boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }
}
