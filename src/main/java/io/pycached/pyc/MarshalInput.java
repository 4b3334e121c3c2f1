package io.pycached.pyc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes of a body, read once from front to back and, once read, again at any offset. */
final class MarshalInput {
  /** Set in a type code whose object may be referred to later. */
  static final int FLAG_REF = 0x80;

  private final ByteBuffer bytes;

  MarshalInput(ByteBuffer body) {
    this.bytes = body.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return bytes.position();
  }

  int remaining() {
    return bytes.remaining();
  }

  int length() {
    return bytes.limit();
  }

  int u8() throws Damage {
    if (!bytes.hasRemaining()) {
      throw Damage.truncated("EOF read where object expected");
    }
    return bytes.get() & 0xFF;
  }

  short i16() throws Damage {
    require(Short.BYTES);
    return bytes.getShort();
  }

  int i32() throws Damage {
    require(Integer.BYTES);
    return bytes.getInt();
  }

  /** Reads a count that marshal keeps to 31 bits. */
  int size(String what) throws Damage {
    int size = i32();
    if (size < 0) {
      throw Damage.malformed("bad marshal data (" + what + " size out of range)");
    }
    return size;
  }

  void skip(int count) throws Damage {
    require(count);
    bytes.position(bytes.position() + count);
  }

  /** {@return the byte at an offset, as an unsigned number} */
  int u8At(int offset) {
    return bytes.get(offset) & 0xFF;
  }

  int i32At(int offset) {
    return bytes.getInt(offset);
  }

  /** {@return the type code at an offset, without its reference flag} */
  int typeAt(int offset) {
    return u8At(offset) & ~FLAG_REF;
  }

  private void require(int count) throws Damage {
    if (bytes.remaining() < count) {
      throw Damage.truncated("marshal data too short");
    }
  }
}
