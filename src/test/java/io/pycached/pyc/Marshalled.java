package io.pycached.pyc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes marshalled objects byte by byte, also such as no interpreter would write. */
final class Marshalled {
  static final byte[] NONE = raw('N');
  static final byte[] NULL = raw('0');

  private Marshalled() {}

  /** {@return bytes, each given as a character or a number} */
  static byte[] raw(int... bytes) {
    byte[] raw = new byte[bytes.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) bytes[i];
    }
    return raw;
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  static byte[] repeat(byte[] part, int times) {
    byte[][] parts = new byte[times][];
    Arrays.fill(parts, part);
    return join(parts);
  }

  static byte[] i32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  /** {@return a type code, a count of four bytes, and what follows} */
  static byte[] sized(int type, int size, byte[]... content) {
    return join(raw(type), i32(size), join(content));
  }

  static byte[] bytes(int... content) {
    return sized('s', content.length, raw(content));
  }

  static byte[] text(String ascii) {
    return join(raw('z', ascii.length()), ascii.getBytes(StandardCharsets.ISO_8859_1));
  }

  static byte[] tuple(byte[]... items) {
    return join(raw(')', items.length), join(items));
  }

  static byte[] list(byte[]... items) {
    return sized('[', items.length, items);
  }

  static byte[] reference(int index) {
    return sized('r', index);
  }

  /** {@return the object with the flag that lets others refer to it} */
  static byte[] flagged(byte[] object) {
    byte[] flagged = object.clone();
    flagged[0] |= (byte) MarshalInput.FLAG_REF;
    return flagged;
  }

  /** {@return a code object under construction, in the layout of a magic number} */
  static Code code(Magic magic) {
    return new Code(MarshalDialect.of(magic).orElseThrow());
  }

  /** The fields of a code object, each with a valid default. */
  static final class Code {
    private final MarshalDialect dialect;
    int argcount;
    int posonlyargcount;
    int kwonlyargcount;
    int nlocals;
    int stacksize = 1;
    int flags = 0x40;
    int firstLine = 1;
    byte[] code = bytes('d', 0, 'S', 0);
    byte[] consts = tuple(NONE);
    byte[] names = tuple();
    byte[] locals = tuple();
    byte[] kinds = bytes();
    byte[] freevars = tuple();
    byte[] cellvars = tuple();
    byte[] filename = text("m.py");
    byte[] name = text("<module>");
    byte[] qualname = text("<module>");
    byte[] lines = bytes();
    byte[] exceptions = bytes();

    private Code(MarshalDialect dialect) {
      this.dialect = dialect;
    }

    byte[] encode() {
      byte[] none = raw();
      boolean plus = dialect.localsPlus();
      return join(
          raw('c'),
          i32(argcount),
          dialect.positionalOnly() ? i32(posonlyargcount) : none,
          i32(kwonlyargcount),
          plus ? none : i32(nlocals),
          i32(stacksize),
          i32(flags),
          code,
          consts,
          names,
          locals,
          plus ? kinds : join(freevars, cellvars),
          filename,
          name,
          plus ? qualname : none,
          i32(firstLine),
          lines,
          plus ? exceptions : none);
    }
  }
}
