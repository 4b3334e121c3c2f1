package io.pycached.survey;

import io.pycached.pyc.Invalidation;
import io.pycached.pyc.PycHeader;

/** A verdict with the words for it. */
record Opinion(Verdict verdict, String detail) {
  static final Opinion FRESH = new Opinion(Verdict.FRESH, "");

  /**
   * Whether an interpreter would go on to load the body of the file with this header; with an
   * unchecked hash it does so whatever the source holds.
   */
  boolean isLoaded(PycHeader header) {
    return verdict == Verdict.FRESH
        || (verdict == Verdict.STALE_SOURCE_HASH
            && header.invalidation() instanceof Invalidation.Hash hash
            && !hash.checkSource());
  }
}
