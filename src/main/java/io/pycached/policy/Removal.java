package io.pycached.policy;

import io.pycached.audit.Flaw;
import io.pycached.survey.MirrorFile;

/** One file that is to be deleted because somebody untrusted could have written it. */
public record Removal(MirrorFile file, Flaw flaw) {

  /** {@return why, as JSON names it: the kind of the flaw} */
  public String reason() {
    return flaw.kind().label();
  }

  /** {@return what speaks for it, in words} */
  public String evidence() {
    return flaw.detail();
  }
}
