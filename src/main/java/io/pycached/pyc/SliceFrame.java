package io.pycached.pyc;

/** A slice whose start, stop and step are being read; NULL if one of them is. */
final class SliceFrame implements Frame {
  private final int offset;
  private int missing = 3;
  private boolean hashable = true;
  private boolean isNull;

  SliceFrame(int offset) {
    this.offset = offset;
  }

  @Override
  public boolean isComplete() {
    return missing == 0 || isNull;
  }

  @Override
  public void accept(long value) {
    isNull = value == Value.NULL;
    missing--;
    hashable &= Value.isHashable(value);
  }

  @Override
  public long finish() {
    return isNull ? Value.NULL : Value.other(offset, hashable);
  }
}
