package io.pycached.pyc;

import static io.pycached.pyc.Marshalled.NONE;
import static io.pycached.pyc.Marshalled.NULL;
import static io.pycached.pyc.Marshalled.bytes;
import static io.pycached.pyc.Marshalled.flagged;
import static io.pycached.pyc.Marshalled.i32;
import static io.pycached.pyc.Marshalled.join;
import static io.pycached.pyc.Marshalled.list;
import static io.pycached.pyc.Marshalled.raw;
import static io.pycached.pyc.Marshalled.reference;
import static io.pycached.pyc.Marshalled.repeat;
import static io.pycached.pyc.Marshalled.sized;
import static io.pycached.pyc.Marshalled.text;
import static io.pycached.pyc.Marshalled.tuple;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Bodies that random damage would rarely hit on, one for each rule of marshal, by name. */
final class CraftedBodies {
  private static final int MAX = Integer.MAX_VALUE;

  private final Magic magic;
  private final Map<String, byte[]> bodies = new LinkedHashMap<>();

  private CraftedBodies(Magic magic) {
    this.magic = magic;
  }

  static Map<String, byte[]> of(Magic magic) {
    CraftedBodies crafted = new CraftedBodies(magic);
    crafted.scalars();
    crafted.texts();
    crafted.containers();
    crafted.references();
    crafted.depths();
    crafted.codeCounts();
    crafted.codeTypes();
    crafted.codeSharing();
    return crafted.bodies;
  }

  private void scalars() {
    put("nothing", raw());
    for (int type = 0; type < 256; type++) {
      put("type code %02x alone".formatted(type), raw(type));
      put("type code %02x with zeros".formatted(type), join(raw(type), new byte[64]));
      put("type code %02x with ones".formatted(type), join(raw(type), repeat(raw(1), 64)));
    }
    for (int size : List.of(1, -1, 2, -3, MAX, -MAX, Integer.MIN_VALUE)) {
      put("long of " + size, sized('l', size, raw(1, 0, 2, 0, 3, 0)));
      put("long of " + size + " with a zero digit", sized('l', size, raw(1, 0, 0, 0, 0, 0)));
      put("long of " + size + " with a big digit", sized('l', size, raw(1, 0, 0, 0x80, 3, 0)));
    }
    for (String number :
        List.of(
            "1",
            " 1",
            "1 ",
            "1.",
            ".5",
            ".",
            "",
            "-",
            "+.e1",
            "1e",
            "1e5",
            "1E+5",
            "1e-",
            "1e999",
            "inf",
            "-Infinity",
            "+NAN",
            "infi",
            "nan(1)",
            "1_0",
            "0x1",
            "1\0junk",
            "\0",
            "1.5.2")) {
      byte[] ascii = number.getBytes(StandardCharsets.US_ASCII);
      byte[] sized = join(raw(ascii.length), ascii);
      put("float '" + number + "'", join(raw('f'), sized));
      put("complex '" + number + "'", join(raw('x', 1, '2'), sized));
    }
  }

  private void texts() {
    for (int[] utf8 :
        List.of(
            new int[] {0xED, 0xB2, 0x80}, // a lone surrogate
            new int[] {0xED, 0xB2},
            new int[] {0xED, 0xB2, 0x41},
            new int[] {0xE0, 0x80, 0x80}, // overlong
            new int[] {0xC1, 0xBF},
            new int[] {0xC2, 0xBF},
            new int[] {0xF0, 0x8F, 0xBF, 0xBF},
            new int[] {0xF4, 0x8F, 0xBF, 0xBF},
            new int[] {0xF4, 0x90, 0x80, 0x80},
            new int[] {0xF5, 0x80, 0x80, 0x80},
            new int[] {'a', 0x80},
            new int[] {0xFF})) {
      String hex = HexFormat.of().formatHex(raw(utf8));
      put("unicode " + hex, sized('u', utf8.length, raw(utf8)));
      put("interned " + hex, sized('t', utf8.length, raw(utf8)));
      put("ascii " + hex, sized('a', utf8.length, raw(utf8)));
      put("short ascii " + hex, join(raw('z', utf8.length), raw(utf8)));
      putCode("code name " + hex, code -> code.name = sized('u', utf8.length, raw(utf8)));
      putCode("code ascii name " + hex, code -> code.name = sized('A', utf8.length, raw(utf8)));
    }
    for (int type : raw('s', 'u', 't', 'a', 'A', '(', '[', '<', '>')) {
      for (int size : List.of(MAX, -1, Integer.MIN_VALUE, 70_000)) {
        put((char) type + " of " + size, sized(type, size, raw('N')));
        put((char) type + " of " + size + " with junk", sized(type, size, raw('N', '?')));
      }
    }
  }

  private void containers() {
    put("NULL in tuple", tuple(NONE, NULL));
    put("NULL in list", list(NULL));
    put("NULL in set", sized('<', 1, NULL));
    put("dict without key", join(raw('{'), NULL));
    put("dict without value", join(raw('{'), text("a"), NULL));
    put("dict of list without value", join(raw('{'), list(), NULL));
    put("dict of list", join(raw('{'), list(), NONE, NULL));
    put("dict of list at the end", join(raw('{'), list()));
    put("dict without end", join(raw('{'), text("a"), NONE));
    for (int type : raw('<', '>')) {
      String set = (char) type + " of ";
      put(set + "list", sized(type, 1, list()));
      put(set + "dict", sized(type, 1, raw('{', '0')));
      put(set + "set", sized(type, 1, sized('<', 0)));
      put(set + "frozenset", sized(type, 1, sized('>', 0)));
      put(set + "tuple of list", sized(type, 1, tuple(tuple(list()))));
      put(
          set + "equals",
          sized(type, 3, join(raw('i'), i32(1)), raw('T'), raw('I', 1, 0, 0, 0, 0, 0, 0, 0)));
      putInside(set + "code", code -> {}, (code) -> sized(type, 1, code));
      putInside(
          set + "code of list",
          code -> code.consts = tuple(list()),
          (code) -> sized(type, 1, code));
    }
  }

  private void references() {
    put("reference to nothing", reference(0));
    put("reference below", tuple(flagged(text("a")), reference(-1)));
    put("reference above", tuple(flagged(text("a")), reference(1)));
    put("reference", tuple(flagged(text("a")), reference(0)));
    put("reference to None", tuple(flagged(NONE), reference(0)));
    put("reference to NULL", join(flagged(raw('{')), flagged(NULL)));
    put("tuple in itself", flagged(tuple(reference(0))));
    put("list in itself", flagged(list(reference(0))));
    put("dict in itself", join(flagged(raw('{')), NONE, reference(0), NULL));
    put("dict as its key", join(flagged(raw('{')), reference(0), NONE, NULL));
    put("set in itself", flagged(sized('<', 1, reference(0))));
    put("frozenset in itself", flagged(sized('>', 1, reference(0))));
    put("tuple in a set in itself", flagged(tuple(sized('<', 1, reference(0)))));
    put("frozenset twice", tuple(flagged(sized('>', 1, NONE)), reference(0)));
    put("empty frozenset twice", tuple(flagged(sized('>', 0)), reference(0)));
    put("flagged reference", tuple(flagged(text("a")), flagged(reference(0)), reference(1)));
    for (byte[] object :
        List.of(
            join(raw('i'), i32(7)),
            join(raw('I'), new byte[8]),
            join(raw('g'), new byte[8]),
            join(raw('y'), new byte[16]),
            raw('f', 1, '1'),
            raw('x', 1, '1', 1, '2'),
            sized('l', 1, raw(1, 0)),
            bytes(1, 2),
            sized('a', 1, raw('x')),
            sized('t', 1, raw('x')),
            raw('T'),
            raw('S'),
            raw('.'))) {
      put("reference to " + (char) object[0], tuple(flagged(object), reference(0)));
    }
    put("slice", join(raw(':'), NONE, NONE, NONE));
  }

  private void depths() {
    for (int depth : List.of(1_998, 1_999, 2_000, 2_001)) {
      put("tuples to depth " + depth, join(repeat(raw(')', 1), depth), NONE));
      put("tuples to depth " + depth + ", no more", repeat(raw(')', 1), depth));
      put("sets to depth " + depth, join(repeat(sized('[', 1), depth), raw('?')));
    }
  }

  private void codeCounts() {
    putCode("code", code -> {});
    for (int count : List.of(-1, 1, 2, MAX, Integer.MIN_VALUE)) {
      putCode("argcount " + count, code -> code.argcount = count);
      putCode("posonlyargcount " + count, code -> code.posonlyargcount = count);
      putCode("kwonlyargcount " + count, code -> code.kwonlyargcount = count);
      putCode("nlocals " + count, code -> code.nlocals = count);
      putCode("stacksize " + count, code -> code.stacksize = count);
      putCode("flags " + count, code -> code.flags = count);
      putCode("first line " + count, code -> code.firstLine = count);
      putCode(
          "all counts " + count,
          code -> {
            code.argcount = count;
            code.posonlyargcount = count;
            code.kwonlyargcount = count;
          });
      putCode(
          "overflow with flags " + count,
          code -> {
            code.argcount = MAX;
            code.kwonlyargcount = MAX;
            code.flags = count;
          });
      for (int flags : List.of(0x00, 0x04, 0x08, 0x0C)) {
        putCode(
            "two locals, %d arguments, flags %x".formatted(count, flags),
            code -> {
              code.argcount = count;
              code.kwonlyargcount = 1;
              code.flags = flags;
              code.nlocals = 2;
              code.locals = tuple(text("a"), text("b"));
              code.kinds = bytes(0x20, 0x60);
            });
      }
    }
    putCode(
        "free local does not count",
        code -> {
          code.argcount = 1;
          code.nlocals = 1;
          code.locals = tuple(text("a"));
          code.kinds = bytes(0x80);
        });
  }

  private void codeTypes() {
    for (Map.Entry<String, byte[]> object :
        Map.of(
                "NULL",
                NULL,
                "None",
                NONE,
                "bytes",
                bytes(1),
                "text",
                text("x"),
                "list",
                list(),
                "tuple",
                tuple(),
                "tuple of None",
                tuple(NONE),
                "tuple of text",
                tuple(text("x")),
                "even bytes",
                bytes(1, 2),
                "empty text",
                text(""))
            .entrySet()) {
      String is = " is " + object.getKey();
      byte[] value = object.getValue();
      putCode("code" + is, code -> code.code = value);
      putCode("consts" + is, code -> code.consts = value);
      putCode("names" + is, code -> code.names = value);
      putCode("locals" + is, code -> code.locals = value);
      putCode("kinds" + is, code -> code.kinds = value);
      putCode("freevars" + is, code -> code.freevars = value);
      putCode("cellvars" + is, code -> code.cellvars = value);
      putCode("filename" + is, code -> code.filename = value);
      putCode("name" + is, code -> code.name = value);
      putCode("qualname" + is, code -> code.qualname = value);
      putCode("lines" + is, code -> code.lines = value);
      putCode("exceptions" + is, code -> code.exceptions = value);
    }
    // A code object with a NULL in it was itself NULL once, which only a dict could tell.
    putInside("dict of code of NULL", code -> code.name = NULL, (code) -> join(raw('{'), code));
    putInside("list of code of NULL", code -> code.name = NULL, Marshalled::list);
  }

  private void codeSharing() {
    putCode("code in itself", true, code -> code.consts = tuple(reference(0)));
    putCode(
        "name is a reference",
        code -> {
          code.names = tuple(flagged(text("a")));
          code.name = reference(0);
        });
    putCode(
        "name is a reference to bytes",
        code -> {
          code.code = flagged(bytes(1, 2));
          code.name = reference(0);
        });
    putCode(
        "consts are names",
        code -> {
          code.consts = flagged(tuple(text("a")));
          code.names = reference(0);
        });
    putInside(
        "tuple as consts of a code in it",
        code -> code.consts = reference(0),
        (code) -> flagged(tuple(code)));
    putInside(
        "tuple among consts of a code in it",
        code -> code.consts = tuple(reference(0)),
        (code) -> flagged(tuple(code)));
    putInside(
        "tuple as names of a code in it",
        code -> code.names = reference(0),
        (code) -> flagged(tuple(code)));
    putInside(
        "tuple in a list among consts of a code in it",
        code -> code.consts = tuple(list(reference(0))),
        (code) -> flagged(tuple(code)));
    putCode(
        "tuple in itself among consts", code -> code.consts = tuple(flagged(tuple(reference(0)))));
    putCode("code with trailing bytes", code -> code.exceptions = join(bytes(), raw(1, 2, 3)));
  }

  private void put(String name, byte[] body) {
    bodies.put(name, body);
  }

  private void putCode(String name, Consumer<Marshalled.Code> change) {
    putCode(name, false, change);
  }

  private void putCode(String name, boolean flagged, Consumer<Marshalled.Code> change) {
    Marshalled.Code code = Marshalled.code(magic);
    change.accept(code);
    put(name, flagged ? flagged(code.encode()) : code.encode());
  }

  private void putInside(
      String name, Consumer<Marshalled.Code> change, UnaryOperator<byte[]> container) {
    Marshalled.Code code = Marshalled.code(magic);
    change.accept(code);
    put(name, container.apply(code.encode()));
  }
}
