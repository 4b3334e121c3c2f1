package io.pycached.survey;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One part of {@link KnownFiles}: a hash table of numbers, without an object for each file. Guarded
 * by its own monitor.
 */
final class KnownStripe {
  /** The header is remembered. */
  static final int HEADER = 1;

  /** The body was found to be whole. */
  static final int WHOLE = 2;

  /** Somebody wanted to know since the last turn. */
  static final int ASKED_FOR = 4;

  static final int RECORD_BYTES = 8 + 8 + 8 + 4 + 4 + 1;

  private static final int LEAST = 16;

  private int most;
  private int size;

  /** Zero where there is nothing. */
  private long[] identities = new long[LEAST];

  long[] first = new long[LEAST];
  long[] second = new long[LEAST];

  /** When somebody else last used the file before {@link #readAt}, in seconds. */
  int[] usedBefore = new int[LEAST];

  /** When we last read it, in seconds; zero if we did not. */
  int[] readAt = new int[LEAST];

  private byte[] flags = new byte[LEAST];

  /**
   * @param most how many files are remembered
   */
  KnownStripe(int most) {
    this.most = most;
  }

  int size() {
    return size;
  }

  void freeze() {
    most = size;
  }

  boolean has(int at, int flag) {
    return (flags[at] & flag) != 0;
  }

  void set(int at, int more) {
    flags[at] |= (byte) more;
  }

  /** {@return where a file is; negative if it is not known} */
  int find(long identity) {
    int at = place(identity);
    return identities[at] == identity ? at : -1;
  }

  /** {@return where a file is from now on; negative if there is no more room} */
  int findOrAdd(long identity) {
    int at = find(identity);
    if (at >= 0 || size >= most) {
      return at;
    }
    if (isTooFull(size + 1, identities.length)) {
      rebuild(identities.length * 2, 0);
    }
    return add(identity);
  }

  /** Up to seven eighths are in use: a walk to the place of what is there is of four steps then. */
  private static boolean isTooFull(int files, int capacity) {
    return files * 8L > capacity * 7L;
  }

  private int add(long identity) {
    int at = place(identity);
    identities[at] = identity;
    first[at] = 0;
    second[at] = 0;
    usedBefore[at] = 0;
    readAt[at] = 0;
    flags[at] = ASKED_FOR;
    size++;
    return at;
  }

  /** Where {@code identity} is, or would be. */
  private int place(long identity) {
    int mask = identities.length - 1;
    int at = (int) identity & mask;
    while (identities[at] != 0 && identities[at] != identity) {
      at = (at + 1) & mask;
    }
    return at;
  }

  void turn() {
    int staying = 0;
    for (int at = 0; at < identities.length; at++) {
      if (identities[at] != 0 && has(at, ASKED_FOR)) {
        staying++;
      }
    }
    if (staying < size) {
      int capacity = LEAST;
      while (isTooFull(staying + 1, capacity)) {
        capacity *= 2;
      }
      rebuild(capacity, ASKED_FOR);
    }
    for (int at = 0; at < flags.length; at++) {
      flags[at] &= (byte) ~ASKED_FOR;
    }
  }

  /** Makes the table anew, of the files that have all of {@code wanted}. */
  private void rebuild(int capacity, int wanted) {
    KnownStripe before = new KnownStripe(most);
    before.take(this);
    identities = new long[capacity];
    first = new long[capacity];
    second = new long[capacity];
    usedBefore = new int[capacity];
    readAt = new int[capacity];
    flags = new byte[capacity];
    size = 0;
    for (int from = 0; from < before.identities.length; from++) {
      if (before.identities[from] != 0 && (before.flags[from] & wanted) == wanted) {
        int at = add(before.identities[from]);
        first[at] = before.first[from];
        second[at] = before.second[from];
        usedBefore[at] = before.usedBefore[from];
        readAt[at] = before.readAt[from];
        flags[at] = before.flags[from];
      }
    }
  }

  private void take(KnownStripe other) {
    identities = other.identities;
    first = other.first;
    second = other.second;
    usedBefore = other.usedBefore;
    readAt = other.readAt;
    flags = other.flags;
  }

  synchronized byte[] save() {
    ByteBuffer records = ByteBuffer.allocate(size * RECORD_BYTES);
    for (int at = 0; at < identities.length; at++) {
      if (identities[at] != 0) {
        records.putLong(identities[at]).putLong(first[at]).putLong(second[at]);
        records.putInt(usedBefore[at]).putInt(readAt[at]).put(flags[at]);
      }
    }
    return Arrays.copyOf(records.array(), records.position());
  }

  /** Takes one record, but for its identity, from {@code records}. */
  void load(long identity, ByteBuffer records) {
    long one = records.getLong();
    long two = records.getLong();
    int before = records.getInt();
    int read = records.getInt();
    byte has = records.get();
    int at = identity == 0 ? -1 : findOrAdd(identity);
    if (at >= 0) {
      first[at] = one;
      second[at] = two;
      usedBefore[at] = before;
      readAt[at] = read;
      set(at, has);
    }
  }
}
