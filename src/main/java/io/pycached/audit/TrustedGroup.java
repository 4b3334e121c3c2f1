package io.pycached.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A group of users who trust each other with everything.
 *
 * @param gid its number
 * @param members the numbers of the users in it
 */
public record TrustedGroup(String name, int gid, Set<Integer> members) {
  /** What follows in a longer file is not read. */
  private static final int MAX_LINES = 100_000;

  private static final int GROUP_FIELDS = 3;
  private static final int USER_FIELDS = 4;

  public TrustedGroup {
    members = Set.copyOf(members);
  }

  /**
   * {@return the group called {@code name}, as {@code group} and {@code passwd} in {@code etc}
   * tell} Groups of a directory service are not known here.
   *
   * @throws IOException if there is no such group, or the files cannot be read
   */
  public static TrustedGroup read(Path etc, String name) throws IOException {
    Path groups = etc.resolve("group");
    for (String[] group : entries(groups)) {
      if (group.length < GROUP_FIELDS || !group[0].equals(name)) {
        continue;
      }
      OptionalInt gid = number(group[2]);
      if (gid.isPresent()) {
        String listed = group.length > GROUP_FIELDS ? group[GROUP_FIELDS] : "";
        return new TrustedGroup(name, gid.getAsInt(), members(etc, gid.getAsInt(), listed));
      }
    }
    throw new FileSystemException(
        groups.toString(),
        null,
        "expected the trusted group " + name + ", found none of that name");
  }

  /** Those whom the group lists, and those whose own group it is; group(5), passwd(5). */
  private static Set<Integer> members(Path etc, int gid, String listed) throws IOException {
    Map<String, Integer> users = new HashMap<>();
    Set<Integer> members = new HashSet<>();
    for (String[] user : entries(etc.resolve("passwd"))) {
      if (user.length < USER_FIELDS) {
        continue;
      }
      OptionalInt uid = number(user[2]);
      if (uid.isPresent()) {
        users.put(user[0], uid.getAsInt());
        if (number(user[3]).equals(OptionalInt.of(gid))) {
          members.add(uid.getAsInt());
        }
      }
    }
    for (String name : listed.split(",", -1)) {
      Integer uid = users.get(name);
      if (uid != null) {
        members.add(uid);
      }
    }
    return members;
  }

  private static List<String[]> entries(Path file) throws IOException {
    try (var lines = Files.lines(file, ISO_8859_1)) {
      return lines.limit(MAX_LINES).map(line -> line.split(":", -1)).toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  private static OptionalInt number(String text) {
    try {
      return OptionalInt.of(Integer.parseUnsignedInt(text.strip()));
    } catch (NumberFormatException none) {
      return OptionalInt.empty();
    }
  }
}
