package io.pycached.pyc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The file name in a code object, as the bytes that the file system knows it by.
 *
 * <p>Python carries a byte that is not UTF-8 as a lone surrogate, U+DC80 to U+DCFF (PEP 383);
 * {@code os.fsencode} and this type turn it back.
 */
public final class CodeFilename {
  private final byte[] bytes;

  private CodeFilename(byte[] bytes) {
    this.bytes = bytes;
  }

  /** {@return the name with these bytes} */
  public static CodeFilename of(byte[] bytes) {
    return new CodeFilename(bytes.clone());
  }

  /** {@return the name that Python text stands for, {@code os.fsencode} under UTF-8} */
  static CodeFilename fsencode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    text.codePoints()
        .forEach(
            point -> {
              if (point >= 0xDC80 && point <= 0xDCFF) {
                bytes.write(point & 0xFF);
              } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                // Python cannot encode this one; marshal's own bytes are as good as any.
                bytes.write(0xE0 | (point >> 12));
                bytes.write(0x80 | ((point >> 6) & 0x3F));
                bytes.write(0x80 | (point & 0x3F));
              } else {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
              }
            });
    return new CodeFilename(bytes.toByteArray());
  }

  /** {@return a copy of the bytes} */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodeFilename name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** {@return the name for people: UTF-8, and {@code \xNN} for each byte that is not} */
  @Override
  public String toString() {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    try {
      return decoder.decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return escaped(decoder.reset());
    }
  }

  private String escaped(CharsetDecoder decoder) {
    StringBuilder text = new StringBuilder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    while (decoder.decode(in, out, true).isError()) {
      text.append(out.flip()).append("\\x%02x".formatted(in.get() & 0xFF));
      out.clear();
      decoder.reset();
    }
    return text.append(out.flip()).toString();
  }
}
