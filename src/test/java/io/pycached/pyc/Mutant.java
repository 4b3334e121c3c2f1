package io.pycached.pyc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages a body as disks, short writes and bad luck do, and as an attacker would. */
public final class Mutant {
  /** Bytes that mean something to marshal. */
  private static final byte[] TYPES =
      "0NFTS.iIfgxylstr([{cu<>aA)zZ:".getBytes(StandardCharsets.US_ASCII);

  private Mutant() {}

  /** {@return one of {@code bodies} with one or two damages} */
  public static byte[] of(List<byte[]> bodies, Random random) {
    return of(bodies.get(random.nextInt(bodies.size())), bodies, random);
  }

  /** {@return {@code original} with one or two damages, some by parts of {@code bodies}} */
  public static byte[] of(byte[] original, List<byte[]> bodies, Random random) {
    byte[] body = original.clone();
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
    switch (random.nextInt(10)) {
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
      case 7 -> {
        if (at + 4 <= body.length) {
          // A length, if it is one: off by a little, by much or altogether.
          ByteBuffer number = ByteBuffer.wrap(body, at, 4).slice().order(ByteOrder.LITTLE_ENDIAN);
          int changed = number.getInt(0) + (random.nextInt(7) - 3) * (1 << random.nextInt(31));
          number.putInt(0, random.nextInt(8) == 0 ? random.nextInt() : changed);
        }
      }
      case 8 -> {
        byte[] other = bodies.get(random.nextInt(bodies.size()));
        int from = random.nextInt(Math.max(other.length, 1));
        int to = Math.min(other.length, from + 1 + random.nextInt(64));
        return with(body, at, Arrays.copyOfRange(other, from, to));
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

  private static byte[] with(byte[] body, int at, byte[] part) {
    byte[] longer = Arrays.copyOf(body, body.length + part.length);
    System.arraycopy(body, at, longer, at + part.length, body.length - at);
    System.arraycopy(part, 0, longer, at, part.length);
    return longer;
  }

  private static byte[] without(byte[] body, int from, int to) {
    byte[] shorter = new byte[body.length - (to - from)];
    System.arraycopy(body, 0, shorter, 0, from);
    System.arraycopy(body, to, shorter, from, body.length - to);
    return shorter;
  }
}
