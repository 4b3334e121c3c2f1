package io.pycached.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the kernel says this process watches (proc(5), fdinfo). */
final class Inotify {
  private Inotify() {}

  /** The inode numbers of all watched files. */
  static Set<Long> watchedInodes() throws IOException {
    Set<Long> inodes = new HashSet<>();
    for (String line : watchLines()) {
      for (String field : line.split(" ", -1)) {
        if (field.startsWith("ino:")) {
          inodes.add(Long.parseLong(field.substring("ino:".length()), 16));
        }
      }
    }
    return inodes;
  }

  static boolean watches(Path directory) throws IOException {
    return watchedInodes().contains((Long) Files.getAttribute(directory, "unix:ino"));
  }

  private static List<String> watchLines() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fdinfo"))) {
      return descriptors.flatMap(Inotify::linesOf).toList();
    }
  }

  private static Stream<String> linesOf(Path descriptor) {
    try {
      return Files.readAllLines(descriptor).stream().filter(l -> l.startsWith("inotify wd:"));
    } catch (NoSuchFileException closedMeanwhile) {
      return Stream.of();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
