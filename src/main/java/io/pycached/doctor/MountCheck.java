package io.pycached.doctor;

import io.pycached.fs.Mounts;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the prefix's file system is mounted: whether it can be written, and whether a read leaves a
 * trace by which the least recently used bytecode can be told; mount(8).
 */
public final class MountCheck implements Check {
  private final Path proc;
  private final Path prefix;

  public MountCheck(Path proc, Path prefix) {
    this.proc = proc;
    this.prefix = prefix;
  }

  @Override
  public String name() {
    return "mount";
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    Path existing = prefix;
    for (Path parent = existing.getParent(); !Files.exists(existing) && parent != null; ) {
      existing = parent;
      parent = existing.getParent();
    }
    Optional<Mounts.Mount> found =
        Mounts.read(proc.resolve("self/mountinfo")).of(RawPath.of(existing.toRealPath()));
    if (found.isEmpty()) {
      return List.of(Diagnosis.unknown(this, "no mount is listed for " + Shown.line(existing)));
    }
    Mounts.Mount mount = found.get();
    Path at = RawPath.toPath(existing.getFileSystem(), mount.point());
    String where = "%s (%s)".formatted(Shown.line(at), mount.type());
    String point = Shown.word(at);
    List<Diagnosis> all = new ArrayList<>();
    if (mount.options().contains("ro")) {
      all.add(
          Diagnosis.problem(
              this, where + " is read-only: nothing is cached", "mount -o remount,rw " + point));
    }
    all.add(clockOfUse(mount, where, point));
    return all;
  }

  private Diagnosis clockOfUse(Mounts.Mount mount, String where, String point) {
    if (mount.options().contains("noatime")) {
      return Diagnosis.warning(
          this,
          where
              + " is mounted noatime: reads leave no trace, so that what is least recently used"
              + " cannot be told from what was written longest ago",
          "mount -o remount,relatime " + point);
    }
    String lazily =
        mount.options().contains("lazytime")
            ? "; lazytime: kept in memory for up to a day, and lost with the power"
            : "";
    return mount.options().contains("relatime")
        ? Diagnosis.ok(
            this,
            where
                + " is mounted relatime: the day of the last use is known, which is enough to"
                + " tell what is least recently used"
                + lazily)
        : Diagnosis.ok(
            this,
            where
                + " is mounted strictatime: every use is known, for a write at each read"
                + lazily);
  }
}
