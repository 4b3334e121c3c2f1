package io.pycached.pyc;

/**
 * UTF-8 as marshal writes text: Python's {@code utf-8} codec with the error handler {@code
 * surrogatepass}. Lone surrogates have three bytes like their neighbours; all else is strict.
 */
final class SurrogatePass {
  private SurrogatePass() {}

  /** {@return whether the bytes from start to end are such text} */
  static boolean isValid(MarshalInput in, int start, int end) {
    int at = start;
    while (at < end) {
      int length = lengthAt(in, at, end);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /** {@return the text of bytes that are valid} */
  static String decode(MarshalInput in, int start, int end) {
    StringBuilder text = new StringBuilder(end - start);
    int at = start;
    while (at < end) {
      int length = lengthAt(in, at, end);
      int first = in.u8At(at);
      int point = length == 1 ? first : first & (0x7F >> length);
      for (int i = 1; i < length; i++) {
        point = point << 6 | (in.u8At(at + i) & 0x3F);
      }
      text.appendCodePoint(point);
      at += length;
    }
    return text.toString();
  }

  /** The length of the character at an offset, or 0 if there is none (Unicode, table 3-7). */
  private static int lengthAt(MarshalInput in, int at, int end) {
    int first = in.u8At(at);
    if (first < 0x80) {
      return 1;
    }
    int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (length == 0 || length > end - at) {
      return 0;
    }
    int second = in.u8At(at + 1);
    int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int most = first == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((in.u8At(at + i) & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
