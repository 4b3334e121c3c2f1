package io.pycached.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the kernel allows a user of inotify, read anew each time: an administrator may raise it.
 *
 * <p>There are two limits: the machine's, {@code fs.inotify.max_user_*} (inotify(7)), and that of
 * the user namespace, {@code user.max_inotify_*} (namespaces(7)). The smaller one counts.
 */
final class InotifyLimits {
  private static final List<Limit> WATCHES =
      List.of(
          new Limit("fs.inotify.max_user_watches", 524_288),
          new Limit("user.max_inotify_watches", 524_288));

  private static final List<Limit> INSTANCES =
      List.of(
          new Limit("fs.inotify.max_user_instances", 1_024),
          new Limit("user.max_inotify_instances", 1_024));

  private final Path sys;

  InotifyLimits(Path proc) {
    this.sys = proc.resolve("sys");
  }

  /** {@return how many directories the user may watch; empty where the kernel does not say} */
  OptionalLong watches() {
    return smallest(WATCHES).stream().mapToLong(Reading::value).findFirst();
  }

  /** {@return that watches are used up, and what to do} */
  String watchesExhausted() {
    return "inotify watches exhausted" + smallest(WATCHES).map(Reading::advice).orElse("");
  }

  /** {@return that instances are used up, and what to do} */
  String instancesExhausted() {
    return "inotify instances or open files exhausted"
        + smallest(INSTANCES).map(Reading::advice).orElse("");
  }

  /** {@return both limits as they are now, to compare with what they were} */
  String display() {
    return smallest(WATCHES) + " " + smallest(INSTANCES);
  }

  private Optional<Reading> smallest(List<Limit> limits) {
    return limits.stream()
        .flatMap(limit -> read(limit).stream())
        .min(Comparator.comparingLong(Reading::value));
  }

  private Optional<Reading> read(Limit limit) {
    Path file = sys.resolve(limit.key().replace('.', '/'));
    try {
      // Not readString: it asks for one byte first, after which a sysctl reports its end.
      List<String> lines = Files.readAllLines(file);
      return Optional.of(new Reading(limit, Long.parseLong(lines.get(0).trim())));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException absent) {
      return Optional.empty();
    }
  }

  /** A sysctl, and the least that is worth raising it to. */
  private record Limit(String key, long generous) {}

  private record Reading(Limit limit, long value) {
    String advice() {
      long raised = Math.max(limit.generous(), 2 * value);
      return ": limit %d (%s); raise it: sysctl %s=%d"
          .formatted(value, limit.key(), limit.key(), raised);
    }
  }
}
