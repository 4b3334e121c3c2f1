package io.pycached.survey;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.fs.Mounts;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Lets a source that no project stands for count as gone when all the evidence says so: the nearest
 * directory that is there can be read and is not empty, it lies on a local disk, no disk that
 * fstab(5) names is missing there, and the source has been gone for a while.
 */
public final class Disappearance implements Voucher {
  /** Missing things whose first sight is remembered. */
  private static final int MAX_REMEMBERED = 50_000;

  /** Things that nobody asks about for so long are there again, or their bytecode is gone. */
  private static final Duration FORGOTTEN = Duration.ofHours(1);

  private final Path mountinfo;
  private final Path fstab;
  private final Predicate<String> isLocal;
  private final Duration grace;
  private final InstantSource clock;
  private final Cache<Path, Instant> firstMissed =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterAccess(FORGOTTEN).build();

  /**
   * @param mountinfo {@code /proc/self/mountinfo}
   * @param fstab {@code /etc/fstab}, which may be missing
   * @param isLocal whether nobody else changes a file system of a type
   * @param grace how long a source must have been gone
   */
  public Disappearance(
      Path mountinfo, Path fstab, Predicate<String> isLocal, Duration grace, InstantSource clock) {
    this.mountinfo = mountinfo;
    this.fstab = fstab;
    this.isLocal = isLocal;
    this.grace = grace;
    this.clock = clock;
  }

  @Override
  public Optional<String> objection(Path directory, FileStamp stamp, Path missing) {
    try {
      return Directory.isEmpty(directory)
          ? Optional.of(directory + " is empty, as an unmounted disk leaves it")
          : elsewhere(directory, missing).or(() -> tooSoon(stamp, missing));
    } catch (IOException unreadable) {
      return Optional.of(directory + " cannot be looked at: " + Obstacle.of(unreadable));
    }
  }

  @Override
  public String evidence(Path directory) {
    return "; " + directory + " is there, and so is its disk";
  }

  private Optional<String> elsewhere(Path directory, Path missing) throws IOException {
    Mounts mounts = Mounts.read(mountinfo);
    Optional<Mounts.Mount> mount = mounts.of(RawPath.of(directory.toRealPath()));
    if (mount.isEmpty()) {
      return Optional.of("nobody knows which disk " + directory + " is on");
    }
    String type = mount.get().type();
    if (!isLocal.test(type) || type.equals("autofs")) {
      return Optional.of(directory + " is on a file system that others change, " + type);
    }
    String raw = RawPath.of(missing);
    for (String point : configured()) {
      boolean isNear =
          point.equals(raw) || point.startsWith(raw + "/") || raw.startsWith(point + "/");
      if (isNear && mounts.all().stream().noneMatch(each -> each.point().equals(point))) {
        return Optional.of("the disk of " + RawPath.display(point) + " is not mounted");
      }
    }
    return Optional.empty();
  }

  /** The mount points of fstab(5), but for the root's. */
  private List<String> configured() throws IOException {
    try {
      return Files.readAllLines(fstab, ISO_8859_1).stream()
          .map(line -> line.strip().split("\\s+"))
          .filter(fields -> fields.length > 2 && !fields[0].startsWith("#"))
          .map(fields -> fields[1])
          .filter(point -> point.length() > 1 && point.startsWith("/"))
          .toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  /** It went when the directory changed last, at the latest; a busy one changes all the time. */
  private Optional<String> tooSoon(FileStamp directory, Path missing) {
    Instant now = clock.instant();
    Instant missed = firstMissed.get(missing, first -> now);
    Instant changed = directory.mtime().toInstant();
    Instant since = changed.isBefore(missed) ? changed : missed;
    return since.plus(grace).isAfter(now)
        ? Optional.of(missing + " has not been gone for long")
        : Optional.empty();
  }
}
