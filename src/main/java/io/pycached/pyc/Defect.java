package io.pycached.pyc;

/** A reason why no interpreter can use a bytecode file, or why no verdict on it is possible. */
public enum Defect {
  /** The file ends within its header. The interpreter recompiles. */
  SHORT_HEADER,
  /** The magic number does not end in {@code \r\n}, so nothing Python wrote is intact here. */
  BAD_MAGIC,
  /** The magic number is well formed, but no interpreter known here writes it. */
  UNKNOWN_MAGIC,
  /** The flags have bits that PEP 552 does not define. The interpreter recompiles. */
  BAD_FLAGS,
  /** The body ends too early: every import raises {@code EOFError}. */
  TRUNCATED_BODY,
  /** The body is not marshal data: every import raises {@code ValueError} or the like. */
  MALFORMED_BODY,
  /** The body holds something other than a code object: every import raises ImportError. */
  NOT_CODE
}
