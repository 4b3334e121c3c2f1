package io.pycached.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Whether the prefix's file system has room, for bytes and for files. */
public final class SpaceCheck implements Check {
  private static final long SCARCE_BYTES = 100L << 20;
  private static final long SCARCE_INODES = 10_000;
  private static final double SCARCE_SHARE = 0.03;
  private static final double MIB = 1 << 20;

  private final Path prefix;
  private final Room room;

  /** How much is left on a file system. */
  public interface Room {
    /** {@return the bytes that this user may still write on the file system of {@code path}} */
    long freeBytes(Path path) throws IOException;

    /** {@return its size in bytes} */
    long totalBytes(Path path) throws IOException;

    /** {@return how many files can still be made; nothing where there is no such bound} */
    OptionalLong freeInodes(Path path) throws IOException;
  }

  public SpaceCheck(Path prefix, Room room) {
    this.prefix = prefix;
    this.room = room;
  }

  @Override
  public String name() {
    return "space";
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    Path path = prefix;
    for (Path parent = path.getParent(); !Files.exists(path) && parent != null; ) {
      path = parent;
      parent = path.getParent();
    }
    List<Diagnosis> found = new ArrayList<>();
    long free = room.freeBytes(path);
    String bytes = String.format(Locale.ROOT, "%.0f MiB free", free / MIB);
    if (free == 0) {
      found.add(Diagnosis.problem(this, "the disk is full: nothing is cached", df("-h")));
    } else if (free < SCARCE_BYTES || free < SCARCE_SHARE * room.totalBytes(path)) {
      found.add(Diagnosis.warning(this, bytes + ", which is little", df("-h")));
    } else {
      found.add(Diagnosis.ok(this, bytes));
    }
    OptionalLong inodes = room.freeInodes(path);
    if (inodes.isPresent() && inodes.getAsLong() < SCARCE_INODES) {
      String line = inodes.getAsLong() + " more files can be made: bytecode is many small files";
      found.add(
          inodes.getAsLong() == 0
              ? Diagnosis.problem(this, line, df("-i"))
              : Diagnosis.warning(this, line, df("-i")));
    }
    return found;
  }

  private String df(String option) {
    return "df " + option + " -- " + Shown.word(prefix) + " && pycached prune";
  }
}
