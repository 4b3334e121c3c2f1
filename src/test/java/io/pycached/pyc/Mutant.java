package io.pycached.pyc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages a body as disks, short writes and bad luck do, and as an attacker would. */
final class Mutant {
  /** Bytes that mean something to marshal. */
  private static final byte[] TYPES =
      "0NFTS.iIfgxylstr([{cu<>aA)zZ:".getBytes(StandardCharsets.US_ASCII);

  private Mutant() {}

  static byte[] of(List<byte[]> bodies, Random random) {
    byte[] body = bodies.get(random.nextInt(bodies.size())).clone();
    int damages = 1 + random.nextInt(2);
    for (int i = 0; i < damages; i++) {
      // The head holds the counts and the type codes; most of a body is text and instructions.
      int reach = random.nextInt(3) == 0 ? Math.min(body.length, 64) : body.length;
      body = damaged(body, random.nextInt(Math.max(reach, 1)), bodies, random);
    }
    return body;
  }

  private static byte[] damaged(byte[] body, int at, List<byte[]> bodies, Random random) {
    if (body.length == 0) {
      return body;
    }
    switch (random.nextInt(8)) {
      case 0 -> body[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> body[at] = (byte) random.nextInt(256);
      case 2 -> body[at] = TYPES[random.nextInt(TYPES.length)];
      case 3 -> body[at] |= (byte) 0x80;
      case 4 -> Arrays.fill(body, at, Math.min(at + 1 + random.nextInt(64), body.length), (byte) 0);
      case 5 -> {
        return Arrays.copyOf(body, at);
      }
      case 6 -> {
        return without(body, at, Math.min(at + 1 + random.nextInt(8), body.length));
      }
      default -> {
        byte[] other = bodies.get(random.nextInt(bodies.size()));
        int from = random.nextInt(other.length);
        int length =
            Math.min(Math.min(other.length - from, body.length - at), 1 + random.nextInt(64));
        System.arraycopy(other, from, body, at, length);
      }
    }
    return body;
  }

  private static byte[] without(byte[] body, int from, int to) {
    byte[] shorter = new byte[body.length - (to - from)];
    System.arraycopy(body, 0, shorter, 0, from);
    System.arraycopy(body, to, shorter, from, body.length - to);
    return shorter;
  }
}
