package io.pycached.doctor;

import io.pycached.layout.Project;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Whether the kernel lets the daemon watch as many directories as there are; inotify(7). */
public final class WatchLimitCheck implements Check {
  /** Directories that are counted; more need more than any usual limit. */
  static final long MAX_COUNTED = 1_000_000;

  private static final long GENEROUS = 524_288;

  private final Path proc;
  private final Path prefix;
  private final List<Project> projects;

  /**
   * @param projects whose directories are watched, beside the prefix's
   */
  public WatchLimitCheck(Path proc, Path prefix, List<Project> projects) {
    this.proc = proc;
    this.prefix = prefix;
    this.projects = List.copyOf(projects);
  }

  @Override
  public String name() {
    return "watches";
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    OptionalLong machine = limit("fs/inotify/max_user_watches");
    OptionalLong namespace = limit("user/max_inotify_watches");
    if (machine.isEmpty() && namespace.isEmpty()) {
      return List.of(Diagnosis.unknown(this, "the kernel does not tell how many there may be"));
    }
    long least = Math.min(machine.orElse(Long.MAX_VALUE), namespace.orElse(Long.MAX_VALUE));
    Counter counter = new Counter();
    counter.count(prefix, null);
    for (Project project : projects) {
      counter.count(project.visibleAt(), project);
    }
    String line =
        "%s to watch, %d may be"
            .formatted(Shown.count(counter.directories, "directory", "directories"), least);
    String key =
        machine.isPresent() && machine.getAsLong() == least
            ? "fs.inotify.max_user_watches"
            : "user.max_inotify_watches";
    long raised = Math.max(GENEROUS, 2 * counter.directories);
    String mend =
        "sysctl %s=%d && echo %s=%d > /etc/sysctl.d/60-pycached.conf"
            .formatted(key, raised, key, raised);
    if (counter.directories >= least) {
      return List.of(
          Diagnosis.problem(this, line + ": what is beyond is looked at on a timer", mend));
    }
    if (counter.directories > least / 2) {
      return List.of(Diagnosis.warning(this, line + ", other programs' included", mend));
    }
    return List.of(Diagnosis.ok(this, line));
  }

  private OptionalLong limit(String key) throws IOException {
    try {
      // Not readString: it asks for one byte first, after which a sysctl reports its end.
      return OptionalLong.of(
          Long.parseLong(Files.readAllLines(proc.resolve("sys").resolve(key)).get(0).strip()));
    } catch (NoSuchFileException | NumberFormatException | IndexOutOfBoundsException none) {
      return OptionalLong.empty();
    }
  }

  /** Counts directories, through no symbolic link. */
  private static final class Counter {
    private long directories;

    void count(Path root, @Nullable Project project) throws IOException {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
              if (directories >= MAX_COUNTED) {
                return FileVisitResult.TERMINATE;
              }
              if (project != null
                  && !path.equals(root)
                  && project.excludes(root.relativize(path))) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              directories++;
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException unreadable) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, @Nullable IOException unreadable) {
              return FileVisitResult.CONTINUE;
            }
          });
    }
  }
}
