package io.pycached.daemon;

import io.pycached.config.Settings;

/** The settings that a reload does not take over. */
final class Restart {
  /** Their names. */
  static final String SETTINGS =
      "prefix, writers, trusted-group, admin.socket, admin.listen, limits.orphan-grace,"
          + " limits.temporary-age, limits.mass-deletion, [interpreters], [scrub] and [watch]";

  private Restart() {}

  /** {@return whether one of them is another in {@code next}} */
  static boolean isNeeded(Settings now, Settings next) {
    boolean same =
        next.prefix().equals(now.prefix())
            && next.trust().equals(now.trust())
            && next.admin().socket().equals(now.admin().socket())
            && next.admin().listen().equals(now.admin().listen())
            && next.watch().equals(now.watch())
            && next.scrub().equals(now.scrub())
            && next.limits().orphanGrace().equals(now.limits().orphanGrace())
            && next.limits().temporaryAge().equals(now.limits().temporaryAge())
            && next.limits().massDeletion() == now.limits().massDeletion()
            && next.interpreters().equals(now.interpreters());
    return !same;
  }
}
