package io.pycached.pyc;

import java.util.Optional;

/**
 * How one interpreter's marshal differs from another's.
 *
 * @param positionalOnly whether a code object has {@code co_posonlyargcount}, and its construction
 *     rejects a negative stack size and negative flags (3.8)
 * @param localsPlus whether a code object has names and kinds of all locals in one, a qualified
 *     name and an exception table, and a NULL in it is an error at once rather than making the code
 *     object NULL (3.11)
 * @param slices whether there are slice objects (3.14, marshal version 5)
 */
record MarshalDialect(boolean positionalOnly, boolean localsPlus, boolean slices) {

  /** {@return the dialect of a magic number, or empty if it is not known here} */
  static Optional<MarshalDialect> of(Magic magic) {
    int number = magic.number();
    if (magic.implementation() != Implementation.CPYTHON || number < 3394 || number > 3627) {
      return Optional.empty();
    }
    if (number >= 3450 && number < 3494) {
      // The alphas of 3.11 each had a layout of their own.
      return Optional.empty();
    }
    return Optional.of(new MarshalDialect(number >= 3410, number >= 3494, number >= 3608));
  }
}
