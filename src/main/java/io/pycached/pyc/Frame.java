package io.pycached.pyc;

/**
 * A marshalled container whose members are being read. The parser keeps the open ones on a stack of
 * its own, so that no input can exhaust the thread's.
 */
sealed interface Frame permits CodeFrame, DictFrame, ListFrame, SetFrame, SliceFrame, TupleFrame {
  /** {@return whether the container has all its members} */
  boolean isComplete();

  /** Takes the next member. */
  void accept(long value) throws Damage;

  /** {@return the container as a {@link Value}, once it is complete} */
  long finish() throws Damage;
}
