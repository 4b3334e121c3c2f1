package io.pycached.pyc;

/** A list whose items are being read. */
final class ListFrame implements Frame {
  private final int offset;
  private int missing;

  ListFrame(int offset, int size) {
    this.offset = offset;
    this.missing = size;
  }

  @Override
  public boolean isComplete() {
    return missing == 0;
  }

  @Override
  public void accept(long value) throws Damage {
    if (value == Value.NULL) {
      throw Damage.malformed("NULL object in marshal data for list");
    }
    missing--;
  }

  @Override
  public long finish() {
    return Value.other(offset, false);
  }
}
