package io.pycached.audit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What an inode says of who may do what, inode(7).
 *
 * @param key device and inode, as {@link java.nio.file.attribute.BasicFileAttributes#fileKey}
 * @param mode the permission bits and those for set-user-ID, set-group-ID and stickiness
 * @param links how many names it has
 */
record Inode(Object key, int mode, int uid, int gid, int links) {
  private static final String ATTRIBUTES = "unix:fileKey,mode,uid,gid,nlink";
  private static final int SET_ID = 06000;
  private static final int STICKY = 01000;
  private static final int GROUP_WRITE = 0020;
  private static final int OTHERS_WRITE = 0002;

  /** {@return the inode of {@code path} itself, be it a symbolic link} */
  static Inode of(Path path) throws IOException {
    return read(path, NOFOLLOW_LINKS);
  }

  /** {@return the inode that {@code path} stands for} */
  static Inode following(Path path) throws IOException {
    return read(path);
  }

  private static Inode read(Path path, LinkOption... options) throws IOException {
    Map<String, Object> all = Files.readAttributes(path, ATTRIBUTES, options);
    return new Inode(
        Objects.requireNonNull(all.get("fileKey"), "this file system has no inodes"),
        number(all, "mode"),
        number(all, "uid"),
        number(all, "gid"),
        number(all, "nlink"));
  }

  private static int number(Map<String, Object> all, String name) {
    return ((Number) Objects.requireNonNull(all.get(name))).intValue();
  }

  boolean isSetId() {
    return (mode & SET_ID) != 0;
  }

  boolean isSticky() {
    return (mode & STICKY) != 0;
  }

  boolean isGroupWritable() {
    return (mode & GROUP_WRITE) != 0;
  }

  boolean isWorldWritable() {
    return (mode & OTHERS_WRITE) != 0;
  }

  /** {@return the mode as chmod(1) takes it} */
  String octal() {
    return String.format("%04o", mode & 07777);
  }
}
