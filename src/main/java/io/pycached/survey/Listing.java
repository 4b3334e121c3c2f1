package io.pycached.survey;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.fs.GuardedOpen;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The names in a source directory, as far as a survey needs them.
 *
 * @param sources how many are those of Python sources
 * @param pycache whether there is a {@code __pycache__}, which interpreters without a prefix leave
 * @param directories the subdirectories that are no symbolic links, and whatever else a
 *     subdirectory of the mirror is named after; by name
 */
public record Listing(int sources, boolean pycache, List<Path> directories) {
  static final Listing NONE = new Listing(0, false, List.of());

  /**
   * {@return a number that is another one when names have come to the directory or left it since
   * {@code stamp} was taken}
   *
   * <p>Compare it with a {@link Survey#listingFingerprint}, which only a directory has that had
   * been left alone for a while.
   */
  public static long fingerprint(FileStamp stamp) {
    return StampHash.of(stamp);
  }

  /**
   * Reads {@code directory}, whose names were not asked for yet.
   *
   * @param mirrored the subdirectories of the mirror
   */
  static Listing read(Directory directory, List<Path> mirrored) throws IOException {
    Set<Path> known = Set.copyOf(mirrored);
    List<Path> directories = new ArrayList<>();
    int[] sources = {0};
    directory.forEach(
        entry -> {
          String text = entry.toString();
          if (text.endsWith(".py") || text.endsWith(".pyw")) {
            sources[0]++;
            return;
          }
          Path name = entry.getFileName();
          if (known.contains(name) || isDirectory(directory, name)) {
            directories.add(name);
          }
        });
    directories.sort(null);
    boolean pycache =
        directories.contains(directory.path().getFileSystem().getPath(InTreeBytecode.NAME));
    return new Listing(sources[0], pycache, directories);
  }

  /**
   * {@return the names in {@code directory} that end in {@code .py} and stand for regular files, in
   * order} As for {@code compileall}: a lock file of Emacs, {@code .#m.py}, is a dangling link.
   *
   * @param seen names of which that is known
   */
  static List<Path> sources(Path directory, Set<Path> seen) throws IOException {
    List<Path> sources = new ArrayList<>();
    try (DirectoryStream<Path> entries = GuardedOpen.directory(directory)) {
      for (Path entry : entries) {
        Path name = entry.getFileName();
        if (name.toString().endsWith(".py") && (seen.contains(name) || isRegular(entry))) {
          sources.add(name);
        }
      }
    } catch (DirectoryIteratorException unreadable) {
      throw unreadable.getCause();
    }
    sources.sort(null);
    return sources;
  }

  private static boolean isRegular(Path entry) {
    try {
      return FileStamp.following(entry).isRegular();
    } catch (IOException vanishedOrUnreadable) {
      return false;
    }
  }

  private static boolean isDirectory(Directory directory, Path name) {
    try {
      return directory.stamp(name).isDirectory();
    } catch (IOException vanishedOrUnreadable) {
      return false;
    }
  }
}
