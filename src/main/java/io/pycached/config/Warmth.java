package io.pycached.config;

/** Which sources of a project are compiled ahead of their import. */
public enum Warmth {
  /** No source: interpreters write their own bytecode. */
  NONE,
  /** Sources that had bytecode before, so that what was once imported stays warm. */
  OBSERVED,
  /** Every source. */
  ALL
}
