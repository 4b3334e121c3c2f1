package io.pycached.pyc;

/**
 * A code object whose fields are being read; then checked as {@code PyCode_New} and {@code
 * _PyCode_Validate} check them ({@code Objects/codeobject.c}).
 */
final class CodeFrame implements Frame {
  /*
   * Fields in file order. Numbers first: argcount, posonlyargcount (3.8), kwonlyargcount,
   * nlocals (to 3.10), stacksize, flags. Then objects, with the number firstlineno after eight:
   *
   *             0     1       2      3                4                5         6
   *   to 3.10   code  consts  names  varnames         freevars         cellvars  filename
   *   3.11      code  consts  names  localsplusnames  localspluskinds  filename  name
   *
   *             7         8          9
   *   to 3.10   name      lnotab
   *   3.11      qualname  linetable  exceptiontable
   */
  private static final int CODE = 0;
  private static final int CONSTS = 1;
  private static final int NAMES = 2;
  private static final int LOCALS = 3;
  private static final int OBJECTS_BEFORE_FIRST_LINE = 8;

  private static final int CO_VARARGS = 0x04;
  private static final int CO_VARKEYWORDS = 0x08;

  private final MarshalInput in;
  private final MarshalDialect dialect;
  private final LocalKinds kinds;
  private final int argcount;
  private final int posonlyargcount;
  private final int kwonlyargcount;
  private final int nlocals;
  private final int stacksize;
  private final int flags;
  private final long[] objects;
  private final LongList codes = new LongList();
  private int count;
  private boolean isNull;
  private int firstLine;

  /** Reads the numbers that a code object begins with. */
  CodeFrame(MarshalInput in, MarshalDialect dialect, LocalKinds kinds) throws Damage {
    this.kinds = kinds;
    this.in = in;
    this.dialect = dialect;
    argcount = in.i32();
    posonlyargcount = dialect.positionalOnly() ? in.i32() : 0;
    kwonlyargcount = in.i32();
    nlocals = dialect.localsPlus() ? 0 : in.i32();
    stacksize = in.i32();
    flags = in.i32();
    objects = new long[dialect.localsPlus() ? 10 : 9];
  }

  @Override
  public boolean isComplete() {
    return count == objects.length || isNull;
  }

  @Override
  public void accept(long value) throws Damage {
    if (value == Value.NULL) {
      if (dialect.localsPlus()) {
        throw Damage.malformed("NULL object in marshal data for code object");
      }
      isNull = true;
      return;
    }
    objects[count++] = value;
    if (count == OBJECTS_BEFORE_FIRST_LINE) {
      firstLine = in.i32();
    }
  }

  @Override
  public long finish() throws Damage {
    if (isNull) {
      return Value.NULL;
    }
    if (!countsAreValid() || !typesAreValid()) {
      throw Damage.malformed("code object with fields of wrong types or negative counts");
    }
    if (dialect.localsPlus() && (in.i32At(Value.offset(objects[CODE]) + 1) & 1) != 0) {
      throw Damage.malformed("code: co_code is malformed");
    }
    if (!argumentsHaveNames()) {
      throw Damage.malformed("code: varnames is too small");
    }
    if (!namesAreStrings()) {
      throw Damage.malformed("non-string found in code slot");
    }
    if (Value.isSelfContaining(objects[CONSTS])) {
      throw Damage.malformed("constants of a code object contain themselves");
    }
    return Value.code(Value.offset(name()), Value.isHashable(objects[CONSTS]));
  }

  /** {@return whether the next object is the tuple of constants} */
  boolean constantsAreNext() {
    return count == CONSTS;
  }

  /** {@return the list for the code objects among the constants} */
  LongList codes() {
    return codes;
  }

  long filename() {
    return objects[dialect.localsPlus() ? 5 : 6];
  }

  long name() {
    return objects[dialect.localsPlus() ? 6 : 7];
  }

  long names() {
    return objects[NAMES];
  }

  int firstLine() {
    return firstLine;
  }

  private boolean countsAreValid() {
    if (argcount < posonlyargcount || posonlyargcount < 0 || kwonlyargcount < 0 || nlocals < 0) {
      return false;
    }
    return !dialect.positionalOnly() || (stacksize >= 0 && flags >= 0);
  }

  private boolean typesAreValid() {
    boolean common =
        Value.isBytes(objects[CODE])
            && Value.isTuple(objects[CONSTS])
            && Value.isTuple(objects[NAMES])
            && Value.isTuple(objects[LOCALS])
            && Value.isString(filename())
            && Value.isString(name())
            && Value.isBytes(objects[8]);
    if (!common) {
      return false;
    }
    if (!dialect.localsPlus()) {
      return Value.isTuple(objects[4]) && Value.isTuple(objects[5]);
    }
    return Value.isBytes(objects[4])
        && tupleSize(objects[LOCALS]) == in.i32At(Value.offset(objects[4]) + 1)
        && Value.isString(objects[7])
        && Value.isBytes(objects[9]);
  }

  private boolean namesAreStrings() {
    return Value.isTupleOfStrings(objects[NAMES])
        && Value.isTupleOfStrings(objects[LOCALS])
        && (dialect.localsPlus()
            || (Value.isTupleOfStrings(objects[4]) && Value.isTupleOfStrings(objects[5])));
  }

  private boolean argumentsHaveNames() {
    int starred = ((flags & CO_VARARGS) != 0 ? 1 : 0) + ((flags & CO_VARKEYWORDS) != 0 ? 1 : 0);
    if (dialect.localsPlus()) {
      // The overflow is CPython's: with two huge counts the check passes.
      int plain = kinds.plain(Value.offset(objects[4]));
      return plain - argcount - kwonlyargcount - starred >= 0;
    }
    int size = tupleSize(objects[LOCALS]);
    return argcount <= size
        && kwonlyargcount <= size
        && (long) argcount + kwonlyargcount + starred <= size;
  }

  private int tupleSize(long tuple) {
    return MarshalText.tupleSize(in, Value.offset(tuple));
  }
}
