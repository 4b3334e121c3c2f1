package io.pycached.survey;

import io.pycached.pyc.Defect;

/** A state together with the reason for it. */
public enum Verdict {
  FRESH(State.FRESH, ""),
  STALE_MTIME(State.STALE, "mtime"),
  STALE_SIZE(State.STALE, "size"),
  STALE_SOURCE_HASH(State.STALE, "source-hash"),
  STALE_MAGIC(State.STALE, "magic"),
  ORPHANED(State.ORPHANED, "source-missing"),
  CORRUPT_SHORT_HEADER(State.CORRUPT, "short-header"),
  CORRUPT_BAD_MAGIC(State.CORRUPT, "bad-magic"),
  CORRUPT_BAD_FLAGS(State.CORRUPT, "bad-flags"),
  CORRUPT_TRUNCATED_BODY(State.CORRUPT, "truncated-body"),
  CORRUPT_MALFORMED_BODY(State.CORRUPT, "malformed-body"),
  CORRUPT_NOT_CODE(State.CORRUPT, "not-code"),
  UNKNOWN_MAGIC(State.UNVERIFIABLE, "unknown-magic"),
  SOURCE_UNREADABLE(State.UNVERIFIABLE, "source-unreadable"),
  PROJECT_VANISHED(State.UNVERIFIABLE, "project-vanished"),
  TEMPORARY(State.TEMPORARY, ""),
  FOREIGN(State.FOREIGN, "");

  private final State state;
  private final String reason;

  Verdict(State state, String reason) {
    this.state = state;
    this.reason = reason;
  }

  public State state() {
    return state;
  }

  /** {@return the reason's name in JSON; empty for the states that need none} */
  public String reason() {
    return reason;
  }

  /** {@return whether importing the module fails for as long as this file is there} */
  public boolean breaksImports() {
    return this == CORRUPT_TRUNCATED_BODY
        || this == CORRUPT_MALFORMED_BODY
        || this == CORRUPT_NOT_CODE;
  }

  static Verdict of(Defect defect) {
    return switch (defect) {
      case SHORT_HEADER -> CORRUPT_SHORT_HEADER;
      case BAD_MAGIC -> CORRUPT_BAD_MAGIC;
      case UNKNOWN_MAGIC -> UNKNOWN_MAGIC;
      case BAD_FLAGS -> CORRUPT_BAD_FLAGS;
      case TRUNCATED_BODY -> CORRUPT_TRUNCATED_BODY;
      case MALFORMED_BODY -> CORRUPT_MALFORMED_BODY;
      case NOT_CODE -> CORRUPT_NOT_CODE;
    };
  }
}
