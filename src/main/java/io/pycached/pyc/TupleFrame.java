package io.pycached.pyc;

import org.jspecify.annotations.Nullable;

/** A tuple whose items are being read. */
final class TupleFrame implements Frame {
  private final int offset;
  private final @Nullable LongList codes;
  private int missing;
  private boolean hashable = true;
  private boolean allStrings = true;
  private boolean selfContaining;

  /**
   * @param codes collects the code objects among the items, if somebody asks
   */
  TupleFrame(int offset, int size, @Nullable LongList codes) {
    this.offset = offset;
    this.missing = size;
    this.codes = codes;
  }

  @Override
  public boolean isComplete() {
    return missing == 0;
  }

  @Override
  public void accept(long value) throws Damage {
    if (value == Value.NULL) {
      throw Damage.malformed("NULL object in marshal data for tuple");
    }
    missing--;
    hashable &= Value.isHashable(value);
    allStrings &= Value.isString(value);
    selfContaining |= Value.isSelfContaining(value);
    if (codes != null && Value.isCode(value)) {
      codes.add(value);
    }
  }

  @Override
  public long finish() {
    return Value.tuple(offset, hashable, allStrings, selfContaining);
  }
}
