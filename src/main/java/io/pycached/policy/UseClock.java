package io.pycached.policy;

import io.pycached.survey.MirrorFile;
import java.time.Duration;
import java.time.Instant;

/**
 * What a mount tells of when a file was last used, by its access time (mount(8)). There is no
 * better clock of use: interpreters tell nobody what they load.
 */
public enum UseClock {
  /** Every read moves the access time ({@code strictatime}). */
  STRICTATIME,
  /**
   * A read moves it if it is older than a day, or not younger than the last change ({@code
   * relatime}, the default of Linux): a file that is read all the time may look a day old.
   */
  RELATIME,
  /** No read moves it ({@code noatime}): a file is as old as its last change. */
  NOATIME;

  private static final Duration RELATIME_PRECISION = Duration.ofDays(1);

  /** {@return its name as mount(8) spells it} */
  public String label() {
    return switch (this) {
      case STRICTATIME -> "strictatime";
      case RELATIME -> "relatime";
      case NOATIME -> "noatime";
    };
  }

  /** {@return when {@code file} was last used or changed, as far as is known} */
  Instant known(MirrorFile file) {
    Instant changed = file.changed().toInstant();
    return this == NOATIME || file.used().isBefore(changed) ? changed : file.used();
  }

  /** {@return the last moment at which {@code file} may have been used unseen, or was} */
  Instant latest(MirrorFile file) {
    Instant known = known(file);
    boolean seen = file.used().isAfter(file.changed().toInstant());
    return this == RELATIME && seen ? known.plus(RELATIME_PRECISION) : known;
  }
}
