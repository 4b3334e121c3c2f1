package io.pycached.clean;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** Removes the {@code __pycache__} directories of a tree. Belongs to one thread. */
public final class Cleaner {
  /** What the directories are called whose bytecode PEP 3147 puts beside the sources. */
  public static final String PYCACHE = "__pycache__";

  /** How deep directories are held open, two descriptors each; well below the usual limit. */
  private static final int MAX_HELD = 32;

  private final Duration temporaryAge;
  private final InstantSource clock;
  private final Adoption adoption;
  private final boolean dryRun;

  /**
   * @param temporaryAge how old a writer's temporary file must be to go
   * @param dryRun whether to look and tell only
   */
  public Cleaner(Duration temporaryAge, InstantSource clock, Adoption adoption, boolean dryRun) {
    this.temporaryAge = temporaryAge;
    this.clock = clock;
    this.adoption = adoption;
    this.dryRun = dryRun;
  }

  /**
   * Cleans the tree at {@code root}, which may be a symbolic link; none below it is followed.
   *
   * @param excluded whether the directory at a path below the root is left alone, with all in it
   */
  public void clean(Path root, Predicate<Path> excluded, CleanListener listener) {
    new Walk(root, excluded, listener).run();
  }

  private final class Walk {
    private final Path root;
    private final Predicate<Path> excluded;
    private final CleanListener listener;

    /** Directories that are reached from the root again, for the descriptors' sake. */
    private final Deque<Path> waiting = new ArrayDeque<>();

    Walk(Path root, Predicate<Path> excluded, CleanListener listener) {
      this.root = root;
      this.excluded = excluded;
      this.listener = listener;
    }

    void run() {
      waiting.push(root.getFileSystem().getPath(""));
      while (!waiting.isEmpty()) {
        Path relative = waiting.pop();
        try (Directory directory = Directory.descend(root, relative)) {
          visit(directory, relative, 0);
        } catch (NoSuchFileException | NotDirectoryException vanished) {
          if (relative.toString().isEmpty()) {
            listener.failed(root, vanished);
          }
        } catch (IOException failed) {
          listener.failed(root.resolve(relative), failed);
        }
      }
    }

    private void visit(Directory directory, Path relative, int held) {
      List<Path> names;
      try {
        names = directory.names();
      } catch (IOException failed) {
        listener.failed(directory.path(), failed);
        return;
      }
      for (Path name : names) {
        Path path = directory.path().resolve(name);
        try {
          FileStamp stamp = directory.stamp(name);
          if (RawPath.of(name).equals(PYCACHE)) {
            pycache(directory, name, stamp);
          } else if (stamp.isDirectory() && !excluded.test(relative.resolve(name))) {
            descend(directory, name, stamp, relative.resolve(name), held + 1);
          }
        } catch (NoSuchFileException | NotDirectoryException vanished) {
          // What is no longer there needs no cleaning.
        } catch (IOException failed) {
          listener.failed(path, failed);
        }
      }
    }

    private void descend(Directory parent, Path name, FileStamp stamp, Path relative, int held)
        throws IOException {
      if (held > MAX_HELD) {
        waiting.push(relative);
        return;
      }
      try (Directory child = parent.open(name, stamp)) {
        visit(child, relative, held);
      }
    }

    private void pycache(Directory parent, Path name, FileStamp stamp) {
      if (stamp.isDirectory()) {
        Recognition recognition = new Recognition(temporaryAge, clock.instant());
        listener.cleaned(
            new PycacheDirectory(parent, name, recognition, adoption, dryRun).clean(stamp));
        return;
      }
      String what = stamp.kind() == FileStamp.Kind.SYMLINK ? "a symbolic link" : "not a directory";
      Path path = parent.path().resolve(name);
      listener.cleaned(
          new Cleaned(path, 0, 0, 0, 0, false, List.of(new Cleaned.Kept(path, what)), List.of()));
    }
  }
}
