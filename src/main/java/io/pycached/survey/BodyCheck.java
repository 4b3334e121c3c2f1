package io.pycached.survey;

/** Which bodies of bytecode files a survey reads, of those that an interpreter would load. */
public enum BodyCheck {
  /** None: what is damaged behind a good header is seen only if it was before. */
  NEVER,
  /** Those that have not been read before, as far as that is remembered. */
  ONCE,
  /** All of them. */
  ALWAYS
}
