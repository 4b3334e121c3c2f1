package io.pycached.pyc;

/**
 * What reading a marshalled object leaves behind, packed into a long: its kind, what a container
 * must know about it, and where its bytes are. So a body of any shape costs no object per object.
 */
final class Value {
  /*
   * bits 0..31   offset of the type code; for a code object, that of its name
   * bits 32..35  flags
   * bits 40..43  kind
   */

  /** Marshal's NULL, which ends a dict and is an error elsewhere. */
  static final long NULL = 0;

  private static final long OTHER_KIND = 1L << 40;
  private static final long STRING_KIND = 2L << 40;
  private static final long BYTES_KIND = 3L << 40;
  private static final long TUPLE_KIND = 4L << 40;
  private static final long CODE_KIND = 5L << 40;
  private static final long KINDS = 0xFL << 40;

  private static final long HASHABLE = 1L << 32;
  private static final long ALL_STRINGS = 1L << 33;
  private static final long SELF_CONTAINING = 1L << 34;

  private Value() {}

  /** {@return an object that is only asked whether it may be a member of a set} */
  static long other(int offset, boolean hashable) {
    return OTHER_KIND | (hashable ? HASHABLE : 0) | offset;
  }

  static long string(int offset) {
    return STRING_KIND | HASHABLE | offset;
  }

  static long bytes(int offset) {
    return BYTES_KIND | HASHABLE | offset;
  }

  static long code(int nameOffset, boolean hashable) {
    return CODE_KIND | (hashable ? HASHABLE : 0) | nameOffset;
  }

  static long tuple(int offset, boolean hashable, boolean allStrings, boolean selfContaining) {
    return TUPLE_KIND
        | (hashable ? HASHABLE : 0)
        | (allStrings ? ALL_STRINGS : 0)
        | (selfContaining ? SELF_CONTAINING : 0)
        | offset;
  }

  /** {@return a tuple whose items are still being read, as a reference within them sees it} */
  static long unfinishedTuple(int offset) {
    return tuple(offset, false, false, true);
  }

  static int offset(long value) {
    return (int) value;
  }

  static boolean isString(long value) {
    return (value & KINDS) == STRING_KIND;
  }

  static boolean isBytes(long value) {
    return (value & KINDS) == BYTES_KIND;
  }

  static boolean isTuple(long value) {
    return (value & KINDS) == TUPLE_KIND;
  }

  static boolean isTupleOfStrings(long value) {
    return isTuple(value) && (value & ALL_STRINGS) != 0;
  }

  static boolean isCode(long value) {
    return (value & KINDS) == CODE_KIND;
  }

  /** {@return whether {@code hash()} of the object returns, rather than raise or never end} */
  static boolean isHashable(long value) {
    return (value & HASHABLE) != 0;
  }

  /** {@return whether the object is, or through tuples contains, a tuple that contains itself} */
  static boolean isSelfContaining(long value) {
    return (value & SELF_CONTAINING) != 0;
  }
}
