package io.pycached.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a file may be run that nobody named: only if nobody could have put other content into it
 * than root or the user that we are.
 */
record Trust(int user) {
  private static final int ROOT = 0;
  private static final int GROUP_WRITE = 0020;
  private static final int OTHERS_WRITE = 0002;

  /** {@return why {@code file} is not to be run, or an empty string} */
  String objection(Path file) throws IOException {
    int owner = (int) Files.getAttribute(file, "unix:uid");
    int group = (int) Files.getAttribute(file, "unix:gid");
    int mode = (int) Files.getAttribute(file, "unix:mode");
    if (owner != ROOT && owner != user) {
      return "belongs to user " + owner + ", who is neither root nor this user; " + remedy();
    }
    // A user's own group has the user's number.
    boolean groupWrites = (mode & GROUP_WRITE) != 0 && group != ROOT && group != owner;
    if (groupWrites || (mode & OTHERS_WRITE) != 0) {
      return "may be written by others than its owner; " + remedy();
    }
    return "";
  }

  private static String remedy() {
    return "it is used only if the configuration names it";
  }
}
