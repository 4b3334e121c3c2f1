package io.pycached.policy;

import io.pycached.survey.MirrorFile;
import io.pycached.survey.State;

/** One file that is to be deleted, as it was surveyed. */
public record Deletion(MirrorFile file) {

  /** {@return why, as JSON names it: the verdict's reason, or {@code temporary}} */
  public String reason() {
    return file.verdict().state() == State.TEMPORARY
        ? State.TEMPORARY.label()
        : file.verdict().reason();
  }
}
