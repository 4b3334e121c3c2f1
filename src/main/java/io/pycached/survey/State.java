package io.pycached.survey;

import java.util.Locale;

/** What a file in a prefix is worth to the interpreter that would look for it. */
public enum State {
  /** The interpreter would load it. */
  FRESH,
  /**
   * The interpreter would reject it and recompile; or, for an unchecked hash, would load old code.
   */
  STALE,
  /** Its source is provably gone. */
  ORPHANED,
  /** No interpreter can use it; a damaged body makes every import fail. */
  CORRUPT,
  /** No verdict is possible. Never deleted for staleness. */
  UNVERIFIABLE,
  /** What an interrupted writer left. */
  TEMPORARY,
  /** Nothing that a writer of bytecode makes. Counted, never touched. */
  FOREIGN;

  /** {@return the name in JSON, metrics and text} */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
