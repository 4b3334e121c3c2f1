package io.pycached.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mounted file systems, as {@code /proc/self/mountinfo} lists them (proc(5)).
 *
 * @param all in the order in which they were mounted
 */
public record Mounts(List<Mount> all) {
  private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

  /** Lines that are read: a machine with so many mounts has other problems. */
  private static final int MAX_MOUNTS = 100_000;

  /**
   * One mounted file system.
   *
   * @param point where, as bytes of one character each
   * @param options of this mount and of its file system, {@code relatime} or {@code ro}
   * @param type {@code ext4}
   */
  public record Mount(String point, Set<String> options, String type) {}

  /**
   * {@return the mounts that this process sees}
   *
   * @param mountinfo {@code /proc/self/mountinfo}
   */
  public static Mounts read(Path mountinfo) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    try (var lines = Files.lines(mountinfo, ISO_8859_1)) {
      lines.limit(MAX_MOUNTS).forEach(line -> parse(line).ifPresent(mounts::add));
    }
    return new Mounts(mounts);
  }

  /** Such as {@code 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw}. */
  private static Optional<Mount> parse(String line) {
    String[] words = line.split(" ", -1);
    int dash = List.of(words).indexOf("-");
    if (dash < 6 || dash + 1 >= words.length) {
      return Optional.empty();
    }
    Set<String> options = new HashSet<>(List.of(words[5].split(",", -1)));
    if (dash + 3 < words.length) {
      options.addAll(List.of(words[dash + 3].split(",", -1)));
    }
    return Optional.of(new Mount(unescaped(words[4]), Set.copyOf(options), words[dash + 1]));
  }

  private static String unescaped(String word) {
    return ESCAPED
        .matcher(word)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(match.group(1), 8))));
  }

  /**
   * {@return the mount that {@code path} lies on; nothing if none is known}
   *
   * @param path absolute and without symbolic links, as bytes of one character each
   */
  public Optional<Mount> of(String path) {
    Mount best = null;
    for (Mount mount : all) {
      // Of two at the same point, the later hides the earlier.
      if (isAtOrAbove(mount.point(), path)
          && (best == null || mount.point().length() >= best.point().length())) {
        best = mount;
      }
    }
    return Optional.ofNullable(best);
  }

  private static boolean isAtOrAbove(String point, String path) {
    return point.equals("/") || path.equals(point) || path.startsWith(point + "/");
  }
}
