package io.pycached.pyc;

import java.util.Arrays;

/** A list of longs that grows as they come. */
final class LongList {
  private long[] values = new long[16];
  private int size;

  int size() {
    return size;
  }

  long get(int index) {
    if (index >= size) {
      throw new IndexOutOfBoundsException("index " + index + " of " + size);
    }
    return values[index];
  }

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size + (size >> 1));
    }
    values[size++] = value;
  }

  void set(int index, long value) {
    values[index] = value;
  }
}
