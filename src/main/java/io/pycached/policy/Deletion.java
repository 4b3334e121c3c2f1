package io.pycached.policy;

import io.pycached.survey.MirrorFile;
import io.pycached.survey.State;

/**
 * One file that is to be deleted, as it was surveyed.
 *
 * @param reason why, as JSON names it
 */
public record Deletion(MirrorFile file, String reason) {

  /** {@return one for what the verdict says: its reason, or {@code temporary}} */
  static Deletion of(MirrorFile file) {
    return new Deletion(
        file,
        file.verdict().state() == State.TEMPORARY
            ? State.TEMPORARY.label()
            : file.verdict().reason());
  }

  /**
   * {@return whether it goes for what it is} Otherwise it is bytecode like any other, and stays if
   * somebody uses it after all.
   */
  public boolean isForItsState() {
    return file.verdict().state() != State.FRESH && file.verdict().state() != State.STALE;
  }

  /** {@return what speaks for the reason, in words} */
  public String evidence() {
    return isForItsState()
        ? file.detail()
        : "written %s, last read %s".formatted(file.stamp().mtime(), file.used());
  }
}
