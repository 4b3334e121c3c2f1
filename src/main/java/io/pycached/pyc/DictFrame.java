package io.pycached.pyc;

/** A dict whose keys and values are being read, until a NULL in place of either. */
final class DictFrame implements Frame {
  private final int offset;
  private boolean complete;
  private boolean valueIsNext;
  private boolean keyIsHashable;

  DictFrame(int offset) {
    this.offset = offset;
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public void accept(long value) throws Damage {
    if (value == Value.NULL) {
      complete = true;
    } else if (!valueIsNext) {
      keyIsHashable = Value.isHashable(value);
      valueIsNext = true;
    } else if (keyIsHashable) {
      valueIsNext = false;
    } else {
      // Only now: a key is hashed when its value has been read.
      throw Damage.malformed("unhashable key of a dict");
    }
  }

  @Override
  public long finish() {
    return Value.other(offset, false);
  }
}
