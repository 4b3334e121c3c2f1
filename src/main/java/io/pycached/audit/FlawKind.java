package io.pycached.audit;

import java.util.Locale;

/** What may be wrong with the place or the ownership of bytecode. The gravest comes first. */
public enum FlawKind {
  /** A symbolic link where a mirror or a bytecode file would be. */
  SYMLINK,
  /** Owned by somebody who neither is trusted nor owns the source. */
  UNTRUSTED_OWNER,
  /** Everybody may write to it; to a directory, be it a sticky one. */
  WORLD_WRITABLE,
  /** A group may write to it that is not trusted. */
  GROUP_WRITABLE,
  /** A file that runs with its owner's or group's rights; no writer of bytecode makes such. */
  SET_ID,
  /** The file has a name outside its mirror, too, by which it can be changed. */
  HARD_LINK;

  /** {@return its name in JSON, labels and reasons} */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
