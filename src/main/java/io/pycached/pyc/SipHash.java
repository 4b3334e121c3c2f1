package io.pycached.pyc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SipHash-c-d over bytes that come in pieces (Aumasson and Bernstein, 2012). Belongs to one thread.
 */
final class SipHash {
  private final int rounds;
  private final int finalRounds;
  private long v0;
  private long v1;
  private long v2;
  private long v3;

  /** The bytes after the last whole word, the first of them lowest. */
  private long tail;

  private long length;

  SipHash(int rounds, int finalRounds, long k0, long k1) {
    this.rounds = rounds;
    this.finalRounds = finalRounds;
    v0 = k0 ^ 0x736f6d6570736575L;
    v1 = k1 ^ 0x646f72616e646f6dL;
    v2 = k0 ^ 0x6c7967656e657261L;
    v3 = k1 ^ 0x7465646279746573L;
  }

  /** Takes a buffer's remaining bytes and moves its position to its limit. */
  void update(ByteBuffer piece) {
    while (piece.hasRemaining() && (length & 7) != 0) {
      take(piece.get());
    }
    words(piece);
    while (piece.hasRemaining()) {
      take(piece.get());
    }
  }

  long finish() {
    SipHash end = new SipHash(rounds, finalRounds, 0, 0);
    end.v0 = v0;
    end.v1 = v1;
    end.v2 = v2;
    end.v3 = v3;
    end.compress(length << 56 | tail);
    end.v2 ^= 0xff;
    end.rounds(finalRounds);
    return end.v0 ^ end.v1 ^ end.v2 ^ end.v3;
  }

  private void take(byte value) {
    tail |= (value & 0xFFL) << ((length & 7) << 3);
    length++;
    if ((length & 7) == 0) {
      compress(tail);
      tail = 0;
    }
  }

  private void words(ByteBuffer piece) {
    ByteBuffer words = piece.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int at = words.position();
    int end = at + (words.remaining() & ~7);
    length += end - at;
    piece.position(end);
    // The state lives in locals here, which the compiler keeps in registers.
    long a = v0;
    long b = v1;
    long c = v2;
    long d = v3;
    for (; at < end; at += Long.BYTES) {
      long word = words.getLong(at);
      d ^= word;
      for (int i = 0; i < rounds; i++) {
        a += b;
        c += d;
        b = Long.rotateLeft(b, 13) ^ a;
        d = Long.rotateLeft(d, 16) ^ c;
        a = Long.rotateLeft(a, 32);
        c += b;
        a += d;
        b = Long.rotateLeft(b, 17) ^ c;
        d = Long.rotateLeft(d, 21) ^ a;
        c = Long.rotateLeft(c, 32);
      }
      a ^= word;
    }
    v0 = a;
    v1 = b;
    v2 = c;
    v3 = d;
  }

  private void compress(long word) {
    v3 ^= word;
    rounds(rounds);
    v0 ^= word;
  }

  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
