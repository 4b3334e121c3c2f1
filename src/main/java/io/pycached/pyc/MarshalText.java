package io.pycached.pyc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads text from a body that was found intact. */
final class MarshalText {
  /** Names, and functions, that are told; each may take as little as two bytes of the body. */
  static final int MAX_TOLD = 100_000;

  private final MarshalInput in;
  private final LongList references;

  /** One decoded string per offset, however often it is referred to. */
  private final Map<Integer, String> decoded = new HashMap<>();

  MarshalText(MarshalInput in, LongList references) {
    this.in = in;
    this.references = references;
  }

  CodeSummary summary(CodeFrame code) {
    LongList functions = new LongList();
    LongList codes = code.codes();
    for (int i = 0; i < Math.min(codes.size(), MAX_TOLD); i++) {
      // A code object's offset is that of its name.
      functions.add(codes.get(i));
    }
    return new CodeSummary(
        CodeFilename.fsencode(string(code.filename())),
        string(code.name()),
        code.firstLine(),
        strings(items(code.names())),
        strings(functions));
  }

  /** {@return the number of items of a tuple} */
  static int tupleSize(MarshalInput in, int offset) {
    return in.typeAt(offset) == ')' ? in.u8At(offset + 1) : in.i32At(offset + 1);
  }

  /** The items of a tuple of strings, or the first of them. */
  private LongList items(long tuple) {
    LongList items = new LongList();
    int offset = Value.offset(tuple);
    int size = Math.min(tupleSize(in, offset), MAX_TOLD);
    int at = offset + (in.typeAt(offset) == ')' ? 2 : 5);
    for (int i = 0; i < size; i++) {
      if (in.typeAt(at) == 'r') {
        items.add(references.get(in.i32At(at + 1)));
        at += 5;
      } else {
        items.add(Value.string(at));
        at = end(at);
      }
    }
    return items;
  }

  private List<String> strings(LongList values) {
    List<String> strings = new ArrayList<>();
    long total = 0;
    for (int i = 0; i < values.size(); i++) {
      String string = string(values.get(i));
      total += string.length();
      if (total > in.length()) {
        break;
      }
      strings.add(string);
    }
    return strings;
  }

  private String string(long value) {
    return decoded.computeIfAbsent(
        Value.offset(value),
        at -> {
          int type = in.typeAt(at);
          return type == 'u' || type == 't'
              ? SurrogatePass.decode(in, start(at), end(at))
              : latin1(start(at), end(at));
        });
  }

  /** What marshal calls ASCII is read without a look at the highest bit. */
  private String latin1(int start, int end) {
    StringBuilder text = new StringBuilder(end - start);
    for (int at = start; at < end; at++) {
      text.append((char) in.u8At(at));
    }
    return text.toString();
  }

  private int start(int at) {
    return at + (isShort(at) ? 2 : 5);
  }

  private int end(int at) {
    return start(at) + (isShort(at) ? in.u8At(at + 1) : in.i32At(at + 1));
  }

  private boolean isShort(int at) {
    int type = in.typeAt(at);
    return type == 'z' || type == 'Z';
  }
}
