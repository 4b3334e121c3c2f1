package io.pycached.reconcile;

/** How far a sweep goes. */
public enum Mode {
  /** Surveys. Reads only. */
  SURVEY,
  /** Surveys and plans; what would be done is told as if it had been. Reads only. */
  DRY_RUN,
  /** Surveys, plans and applies. */
  APPLY
}
