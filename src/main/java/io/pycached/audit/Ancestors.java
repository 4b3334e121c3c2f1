package io.pycached.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The directories above a prefix: whoever may rename one of them can put another tree in the
 * prefix's place.
 *
 * <p>In a sticky directory only the owners, of the directory and of the entry, can rename the
 * entry; unlink(2). A symbolic link on the way counts by the directory that it is in, and its
 * target's parents count, too.
 */
public final class Ancestors {
  private final Trusted trusted;

  public Ancestors(Trusted trusted) {
    this.trusted = trusted;
  }

  /**
   * {@return what is wrong with the directories above {@code path}, the nearest first}
   *
   * @param path absolute; need not exist
   */
  public List<Flaw> audit(Path path) throws IOException {
    List<Flaw> flaws = new ArrayList<>();
    above(path, flaws);
    Path existing = path;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    Path real = existing.toRealPath();
    if (!path.startsWith(real)) {
      above(real, flaws);
    }
    return flaws.stream().distinct().toList();
  }

  private void above(Path path, List<Flaw> flaws) throws IOException {
    Path entry = path;
    for (Path at = path.getParent(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at)) {
        look(at, entry, flaws);
      }
      entry = at;
    }
  }

  private void look(Path at, Path entry, List<Flaw> flaws) throws IOException {
    Inode inode = Inode.following(at);
    if (!trusted.isTrustedUser(inode.uid())) {
      flaws.add(
          new Flaw(
              at,
              FlawKind.UNTRUSTED_OWNER,
              "owned by user " + Integer.toUnsignedString(inode.uid())));
    }
    if (inode.isSticky() && (!Files.exists(entry) || isOurs(entry))) {
      return;
    }
    if (inode.isWorldWritable()) {
      flaws.add(new Flaw(at, FlawKind.WORLD_WRITABLE, "mode " + inode.octal()));
    } else if (inode.isGroupWritable() && !trusted.isTrustedGroup(inode.gid(), inode.uid())) {
      flaws.add(
          new Flaw(
              at,
              FlawKind.GROUP_WRITABLE,
              "mode " + inode.octal() + ", group " + Integer.toUnsignedString(inode.gid())));
    }
  }

  private boolean isOurs(Path entry) throws IOException {
    return trusted.isTrustedUser(Inode.of(entry).uid());
  }
}
