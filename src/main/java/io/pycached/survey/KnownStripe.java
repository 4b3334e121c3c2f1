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

  /** Of each place: the identity, zero where there is nothing; the header; and the two times. */
  private static final int WORDS = 4;

  private static final int FIRST = 1;
  private static final int SECOND = 2;

  /** When somebody else last used the file before we read it, and when we last did: in seconds. */
  private static final int TIMES = 3;

  static final int RECORD_BYTES = WORDS * Long.BYTES + 1;

  private static final int LEAST = 16;

  private int most;
  private int size;

  /** Side by side: what is known of a file is in one line of the processor's cache, or two. */
  private long[] records = new long[LEAST * WORDS];

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

  void putHeader(int at, ByteBuffer words) {
    records[at * WORDS + FIRST] = words.getLong();
    records[at * WORDS + SECOND] = words.getLong();
  }

  void getHeader(int at, ByteBuffer words) {
    words.putLong(records[at * WORDS + FIRST]).putLong(records[at * WORDS + SECOND]);
  }

  /** When somebody else last used the file before {@link #readAt}, in seconds. */
  int usedBefore(int at) {
    return (int) (records[at * WORDS + TIMES] >>> Integer.SIZE);
  }

  /** When we last read the file, in seconds; zero if we did not. */
  int readAt(int at) {
    return (int) records[at * WORDS + TIMES];
  }

  void putTimes(int at, int usedBefore, int readAt) {
    records[at * WORDS + TIMES] =
        (long) usedBefore << Integer.SIZE | Integer.toUnsignedLong(readAt);
  }

  /** {@return where a file is; negative if it is not known} */
  int find(long identity) {
    int at = place(identity);
    return records[at * WORDS] == identity ? at : -1;
  }

  /** {@return where a file is from now on; negative if there is no more room} */
  int findOrAdd(long identity) {
    int at = find(identity);
    if (at >= 0 || size >= most) {
      return at;
    }
    if (isTooFull(size + 1, flags.length)) {
      rebuild(flags.length * 2, 0);
    }
    return add(identity);
  }

  /** Up to seven eighths are in use: a walk to the place of what is there is of four steps then. */
  private static boolean isTooFull(int files, int capacity) {
    return files * 8L > capacity * 7L;
  }

  private int add(long identity) {
    int at = place(identity);
    records[at * WORDS] = identity;
    flags[at] = ASKED_FOR;
    size++;
    return at;
  }

  /** Where {@code identity} is, or would be. */
  private int place(long identity) {
    int mask = flags.length - 1;
    int at = (int) identity & mask;
    while (records[at * WORDS] != 0 && records[at * WORDS] != identity) {
      at = (at + 1) & mask;
    }
    return at;
  }

  void turn() {
    int staying = 0;
    for (int at = 0; at < flags.length; at++) {
      if (records[at * WORDS] != 0 && has(at, ASKED_FOR)) {
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
    long[] recordsBefore = records;
    byte[] flagsBefore = flags;
    records = new long[capacity * WORDS];
    flags = new byte[capacity];
    size = 0;
    for (int from = 0; from < flagsBefore.length; from++) {
      long identity = recordsBefore[from * WORDS];
      if (identity != 0 && (flagsBefore[from] & wanted) == wanted) {
        int at = add(identity);
        System.arraycopy(recordsBefore, from * WORDS, records, at * WORDS, WORDS);
        flags[at] = flagsBefore[from];
      }
    }
  }

  synchronized byte[] save() {
    ByteBuffer saved = ByteBuffer.allocate(size * RECORD_BYTES);
    for (int at = 0; at < flags.length; at++) {
      if (records[at * WORDS] != 0) {
        for (int word = 0; word < WORDS; word++) {
          saved.putLong(records[at * WORDS + word]);
        }
        saved.put(flags[at]);
      }
    }
    return Arrays.copyOf(saved.array(), saved.position());
  }

  /** Takes one record, but for its identity, from {@code saved}. */
  void load(long identity, ByteBuffer saved) {
    long first = saved.getLong();
    long second = saved.getLong();
    long times = saved.getLong();
    byte has = saved.get();
    int at = identity == 0 ? -1 : findOrAdd(identity);
    if (at >= 0) {
      records[at * WORDS + FIRST] = first;
      records[at * WORDS + SECOND] = second;
      records[at * WORDS + TIMES] = times;
      set(at, has);
    }
  }
}
