package io.pycached.pyc;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts the plain locals in {@code co_localspluskinds}. Code objects may share the bytes, so each
 * is counted once: otherwise a small body could ask for a long time.
 */
final class LocalKinds {
  private static final int CO_FAST_LOCAL = 0x20;

  private final MarshalInput in;
  private final Map<Integer, Integer> counts = new HashMap<>();

  LocalKinds(MarshalInput in) {
    this.in = in;
  }

  /** {@return how many locals of the bytes object at an offset are plain} */
  int plain(int offset) {
    return counts.computeIfAbsent(offset, this::count);
  }

  private int count(int offset) {
    int start = offset + 1 + Integer.BYTES;
    int end = start + in.i32At(offset + 1);
    int plain = 0;
    for (int at = start; at < end; at++) {
      if ((in.u8At(at) & CO_FAST_LOCAL) != 0) {
        plain++;
      }
    }
    return plain;
  }
}
