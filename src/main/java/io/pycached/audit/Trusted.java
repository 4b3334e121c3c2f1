package io.pycached.audit;

import java.util.Optional;

/**
 * Whose files in a prefix are as good as the daemon's own.
 *
 * @param user the number of the user that the daemon runs as
 * @param group whose members may write, too; nothing if nobody else may
 */
public record Trusted(int user, Optional<TrustedGroup> group) {
  static final int ROOT = 0;

  /** {@return whether what belongs to the user {@code uid} counts as the daemon's} */
  public boolean isTrustedUser(int uid) {
    return uid == ROOT || uid == user || (group.isPresent() && group.get().members().contains(uid));
  }

  /**
   * {@return whether the group {@code gid} may write to what belongs to {@code owner}} Root's group
   * may, and a user's private one, which has the user's number.
   */
  boolean isTrustedGroup(int gid, int owner) {
    return gid == ROOT || gid == owner || (group.isPresent() && group.get().gid() == gid);
  }
}
