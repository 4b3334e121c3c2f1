package io.pycached.pyc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The header of a bytecode file (PEP 552).
 *
 * @param magic who wrote it
 * @param flags the flags as found; always 0 in headers from before PEP 552, which have none. A set
 *     {@code check_source} without the hash bit is legal and means a timestamp
 * @param invalidation how it tells whether its source has changed
 */
public record PycHeader(Magic magic, int flags, Invalidation invalidation) {
  /*
   * Little endian throughout:
   *
   *   16 bytes   magic u16, "\r\n", flags u32, then mtime u32, size u32  or  hash u64
   *   12 bytes   magic u16, "\r\n",                 mtime u32, size u32        3.3 to 3.6
   *    8 bytes   magic u16, "\r\n",                 mtime u32                  3.0 to 3.2
   *
   * The shortest is not read: no interpreter that wrote it has a pycache prefix.
   */

  /** The length of the longest header, which is that of every supported interpreter. */
  public static final int MAX_BYTES = 16;

  private static final int MAGIC_BYTES = 4;
  private static final int HASH_BASED = 0b01;
  private static final int CHECK_SOURCE = 0b10;

  public PycHeader {
    if (flagsOf(invalidation, flags) != flags) {
      throw new IllegalArgumentException("flags are " + flags + " for " + invalidation);
    }
  }

  /** {@return the header that an interpreter writes with this magic number and these values} */
  public static PycHeader of(Magic magic, Invalidation invalidation) {
    return new PycHeader(magic, flagsOf(invalidation, 0), invalidation);
  }

  /**
   * {@return the header at a buffer's position}
   *
   * <p>Reads {@link Magic#headerBytes} bytes at most and leaves the buffer as it is; the bytes that
   * follow do not matter. Checks in importlib's order: magic number, length, flags.
   *
   * @throws MalformedPycException if no known interpreter would accept these bytes
   */
  public static PycHeader parse(ByteBuffer head) throws MalformedPycException {
    int at = head.position();
    int length = head.remaining();
    if (length < MAGIC_BYTES) {
      throw new MalformedPycException(
          Defect.SHORT_HEADER, "file is " + length + " bytes, expected a header of 16");
    }
    Magic magic = magicOf(u32(head, at));
    if (length < magic.headerBytes()) {
      throw new MalformedPycException(
          Defect.SHORT_HEADER,
          "file is " + length + " bytes, expected a header of " + magic.headerBytes());
    }
    if (magic.headerBytes() == 12) {
      return new PycHeader(
          magic, 0, new Invalidation.Timestamp(u32(head, at + 4), u32(head, at + 8)));
    }
    int flags = u32(head, at + 4);
    if ((flags & ~(HASH_BASED | CHECK_SOURCE)) != 0) {
      throw new MalformedPycException(
          Defect.BAD_FLAGS, "flags are 0x%08x, expected 0 to 3".formatted(flags));
    }
    int low = u32(head, at + 8);
    int high = u32(head, at + 12);
    if ((flags & HASH_BASED) == 0) {
      return new PycHeader(magic, flags, new Invalidation.Timestamp(low, high));
    }
    long hash = Integer.toUnsignedLong(low) | Integer.toUnsignedLong(high) << 32;
    return new PycHeader(magic, flags, new Invalidation.Hash(hash, (flags & CHECK_SOURCE) != 0));
  }

  /** {@return the header's bytes, as many as its magic number asks for} */
  public byte[] encode() {
    ByteBuffer bytes =
        ByteBuffer.allocate(magic.headerBytes()).order(ByteOrder.LITTLE_ENDIAN).putInt(magic.raw());
    if (magic.headerBytes() == MAX_BYTES) {
      bytes.putInt(flags);
    }
    if (invalidation instanceof Invalidation.Timestamp timestamp) {
      bytes.putInt(timestamp.mtime()).putInt(timestamp.sourceSize());
    } else if (invalidation instanceof Invalidation.Hash hash) {
      bytes.putLong(hash.hash());
    }
    return bytes.array();
  }

  private static Magic magicOf(int raw) throws MalformedPycException {
    if (!Magic.isWellFormed(raw)) {
      throw new MalformedPycException(
          Defect.BAD_MAGIC,
          "magic number is %08x, expected two bytes and 0d0a".formatted(Integer.reverseBytes(raw)));
    }
    int number = raw & 0xFFFF;
    Optional<Magic> magic = Magics.find(number);
    if (magic.isEmpty()) {
      throw new MalformedPycException(
          Defect.UNKNOWN_MAGIC, "magic number is " + number + ", which no known Python writes");
    }
    if (magic.get().headerBytes() < 12) {
      throw new MalformedPycException(
          Defect.UNKNOWN_MAGIC,
          "magic number is " + number + ", whose header of 8 bytes is not supported");
    }
    return magic.get();
  }

  private static int flagsOf(Invalidation invalidation, int flags) {
    if (invalidation instanceof Invalidation.Hash hash) {
      return hash.checkSource() ? HASH_BASED | CHECK_SOURCE : HASH_BASED;
    }
    return flags & CHECK_SOURCE;
  }

  private static int u32(ByteBuffer head, int at) {
    int value = head.getInt(at);
    return head.order() == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
  }
}
