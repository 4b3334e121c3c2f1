package io.pycached.pyc;

/** A set or frozenset whose members are being read. */
final class SetFrame implements Frame {
  private final int offset;
  private final boolean frozen;
  private int missing;

  SetFrame(int offset, int size, boolean frozen) {
    this.offset = offset;
    this.missing = size;
    this.frozen = frozen;
  }

  @Override
  public boolean isComplete() {
    return missing == 0;
  }

  @Override
  public void accept(long value) throws Damage {
    if (value == Value.NULL) {
      throw Damage.malformed("NULL object in marshal data for set");
    }
    if (!Value.isHashable(value)) {
      throw Damage.malformed("unhashable member of a set");
    }
    missing--;
  }

  @Override
  public long finish() {
    return Value.other(offset, frozen);
  }
}
