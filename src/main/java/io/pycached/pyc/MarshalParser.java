package io.pycached.pyc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one marshalled object as {@code r_object} in {@code Python/marshal.c} does, without
 * building it. Work and memory are bounded by the bytes that are there, not by the sizes they
 * claim, and memory by {@link #MAX_REFERENCES}, too. Belongs to one thread.
 */
final class MarshalParser {
  /** {@code MAX_MARSHAL_STACK_DEPTH}: objects within objects, the innermost included. */
  static final int MAX_DEPTH = 2_000;

  /**
   * Objects that may be referred to, at eight bytes each. A source of 100,000 lines of literals has
   * some 400,000.
   */
  static final int MAX_REFERENCES = 1_000_000;

  /** What reading returns when it has opened a container rather than read an object. */
  private static final long OPENED = -1;

  private final MarshalInput in;
  private final MarshalDialect dialect;
  private final LocalKinds kinds;
  private final List<Open> stack = new ArrayList<>();

  /**
   * The objects that carry a reference flag, in file order; {@link Value#NULL} for one that may not
   * be referred to until it is complete.
   */
  private final LongList references = new LongList();

  private @Nullable CodeFrame root;

  /** A container on the stack, and its place among the references, -1 if it has none. */
  private record Open(Frame frame, int reference) {}

  MarshalParser(MarshalInput in, MarshalDialect dialect) {
    this.in = in;
    this.dialect = dialect;
    this.kinds = new LocalKinds(in);
  }

  /** {@return the object at the input's position} */
  long parse() throws Damage {
    while (true) {
      long value = next();
      while (true) {
        if (value != OPENED) {
          if (stack.isEmpty()) {
            return value;
          }
          top().frame().accept(value);
        }
        if (!top().frame().isComplete()) {
          break;
        }
        value = close();
      }
    }
  }

  /** {@return the code object that was read, if the object was one} */
  @Nullable CodeFrame root() {
    return root;
  }

  LongList references() {
    return references;
  }

  private Open top() {
    return stack.get(stack.size() - 1);
  }

  private long close() throws Damage {
    Open open = stack.remove(stack.size() - 1);
    long value = open.frame().finish();
    if (open.reference() >= 0) {
      references.set(open.reference(), value);
    }
    return value;
  }

  private long next() throws Damage {
    int offset = in.position();
    int code = in.u8();
    if (stack.size() >= MAX_DEPTH) {
      throw Damage.malformed("recursion limit exceeded");
    }
    boolean flagged = (code & MarshalInput.FLAG_REF) != 0;
    return switch (code & ~MarshalInput.FLAG_REF) {
      case '0' -> Value.NULL;
      case 'N', 'T', 'F', '.', 'S' -> Value.other(offset, true);
      case 'i' -> {
        in.skip(Integer.BYTES);
        yield scalar(flagged, offset);
      }
      case 'I', 'g' -> {
        in.skip(Long.BYTES);
        yield scalar(flagged, offset);
      }
      case 'y' -> {
        in.skip(2 * Double.BYTES);
        yield scalar(flagged, offset);
      }
      case 'f' -> {
        FloatText.read(in);
        yield scalar(flagged, offset);
      }
      case 'x' -> {
        FloatText.read(in);
        FloatText.read(in);
        yield scalar(flagged, offset);
      }
      case 'l' -> {
        integer();
        yield scalar(flagged, offset);
      }
      case 's' -> {
        in.skip(in.size("bytes object"));
        yield remember(flagged, Value.bytes(offset));
      }
      case 'z', 'Z' -> {
        in.skip(in.u8());
        yield remember(flagged, Value.string(offset));
      }
      case 'a', 'A' -> {
        in.skip(in.size("string"));
        yield remember(flagged, Value.string(offset));
      }
      case 'u', 't' -> {
        text();
        yield remember(flagged, Value.string(offset));
      }
      case 'r' -> reference();
      case ')' -> openTuple(flagged, offset, in.u8());
      case '(' -> openTuple(flagged, offset, in.size("tuple"));
      case '[' -> openMutable(flagged, offset, new ListFrame(offset, in.size("list")));
      case '{' -> openMutable(flagged, offset, new DictFrame(offset));
      case '<' -> openMutable(flagged, offset, new SetFrame(offset, in.size("set"), false));
      case '>' -> open(flagged, Value.NULL, new SetFrame(offset, in.size("set"), true));
      case ':' -> {
        if (!dialect.slices()) {
          throw unknownType(code);
        }
        yield open(flagged, Value.NULL, new SliceFrame(offset));
      }
      case 'c' -> openCode(flagged);
      default -> throw unknownType(code);
    };
  }

  private static Damage unknownType(int code) {
    return Damage.malformed("bad marshal data (unknown type code 0x%02x)".formatted(code));
  }

  private long scalar(boolean flagged, int offset) throws Damage {
    return remember(flagged, Value.other(offset, true));
  }

  private long remember(boolean flagged, long value) throws Damage {
    if (flagged) {
      if (references.size() == MAX_REFERENCES) {
        throw Damage.tooMuch("more than " + MAX_REFERENCES + " objects that may be referred to");
      }
      references.add(value);
    }
    return value;
  }

  /**
   * @param meanwhile what a reference to the container yields until it is complete
   */
  private long open(boolean flagged, long meanwhile, Frame frame) throws Damage {
    int reference = flagged ? references.size() : -1;
    remember(flagged, meanwhile);
    stack.add(new Open(frame, reference));
    return OPENED;
  }

  private long openMutable(boolean flagged, int offset, Frame frame) throws Damage {
    return open(flagged, Value.other(offset, false), frame);
  }

  private long openTuple(boolean flagged, int offset, int size) throws Damage {
    boolean constants = stack.size() == 1 && root != null && root.constantsAreNext();
    LongList codes = constants && root != null ? root.codes() : null;
    return open(flagged, Value.unfinishedTuple(offset), new TupleFrame(offset, size, codes));
  }

  private long openCode(boolean flagged) throws Damage {
    CodeFrame code = new CodeFrame(in, dialect, kinds);
    if (stack.isEmpty()) {
      root = code;
    }
    return open(flagged, Value.NULL, code);
  }

  private long reference() throws Damage {
    int index = in.i32();
    if (index < 0 || index >= references.size() || references.get(index) == Value.NULL) {
      throw Damage.malformed("bad marshal data (invalid reference)");
    }
    return references.get(index);
  }

  /** An integer of any size in digits of 15 bits; the highest may not be 0. */
  private void integer() throws Damage {
    int count = in.i32();
    if (count == Integer.MIN_VALUE) {
      throw Damage.malformed("bad marshal data (long size out of range)");
    }
    int digit = 1;
    for (int i = Math.abs(count); i > 0; i--) {
      digit = in.i16();
      if (digit < 0) {
        throw Damage.malformed("bad marshal data (digit out of range in long)");
      }
    }
    if (digit == 0) {
      throw Damage.malformed("bad marshal data (unnormalized long data)");
    }
  }

  private void text() throws Damage {
    int size = in.size("string");
    int start = in.position();
    in.skip(size);
    if (!SurrogatePass.isValid(in, start, start + size)) {
      throw Damage.malformed("text is not UTF-8");
    }
  }
}
