package io.pycached.watch;

import io.pycached.layout.RawPath;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A set of paths, each held as a number of eight bytes: of tens of thousands of watched directories
 * nobody asks for the path, only whether it is one of them.
 *
 * <p>Two paths with the same number are taken for one, which among as many as a kernel can watch is
 * improbable. Which ones have nobody can know before: numbers are made with a key that is drawn
 * anew. Not for use by several threads at once.
 */
final class PathNumbers {
  private static final int FIRST_CAPACITY = 16;

  private final long key = new SplittableRandom().nextLong() | 1;

  /** A hash table with linear probing; zero where there is nothing. */
  private long[] numbers = new long[FIRST_CAPACITY];

  private int size;

  int size() {
    return size;
  }

  boolean contains(Path path) {
    long number = number(path);
    return numbers[place(number)] == number;
  }

  void add(Path path) {
    if (4L * (size + 1) > 3L * numbers.length) {
      grow();
    }
    put(number(path));
  }

  void remove(Path path) {
    long number = number(path);
    int at = place(number);
    if (numbers[at] != number) {
      return;
    }
    numbers[at] = 0;
    size--;
    // What was put behind it because its own place was taken would not be found any more.
    for (int next = after(at); numbers[next] != 0; next = after(next)) {
      long moved = numbers[next];
      numbers[next] = 0;
      numbers[place(moved)] = moved;
    }
  }

  private void grow() {
    long[] before = numbers;
    numbers = new long[2 * before.length];
    size = 0;
    for (long number : before) {
      if (number != 0) {
        put(number);
      }
    }
  }

  private void put(long number) {
    int at = place(number);
    if (numbers[at] == 0) {
      numbers[at] = number;
      size++;
    }
  }

  /** Where {@code number} is, or would be. */
  private int place(long number) {
    int at = (int) (number >>> 32) & (numbers.length - 1);
    while (numbers[at] != 0 && numbers[at] != number) {
      at = after(at);
    }
    return at;
  }

  private int after(int at) {
    return (at + 1) & (numbers.length - 1);
  }

  private long number(Path path) {
    String raw = RawPath.of(path);
    long number = key;
    for (int i = 0; i < raw.length(); i++) {
      number = (number ^ raw.charAt(i)) * key;
      number ^= number >>> 29;
    }
    return number == 0 ? key : number;
  }
}
