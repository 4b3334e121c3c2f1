package io.pycached.config;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/**
 * TOML text as a table with places.
 *
 * <p>The library goes on after a syntax error and drops what it could not read. Where that is the
 * header of a table, the keys below it land in the table before, and would be reported as unknown
 * there; they are left out instead.
 */
final class TomlParser {

  /** Syntax errors reported of one file; what follows so many is rarely a second mistake. */
  static final int MAX_SYNTAX_ERRORS = 100;

  private final String file;
  private final String text;

  TomlParser(String file, String text) {
    this.file = file;
    this.text = text;
  }

  /** {@return the items of a TOML array that stands outside a file; empty if it is none} */
  static Optional<List<Value>> array(String text, Origin at) {
    TomlParseResult result = Toml.parse("array = " + text, TomlVersion.V1_0_0);
    TomlArray array = result.hasErrors() || result.size() != 1 ? null : result.getArray("array");
    if (array == null) {
      return Optional.empty();
    }
    List<Value> items = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      items.add(new Conversion(at.file(), new BitSet(), true).value(array.get(i), at));
    }
    return Optional.of(items);
  }

  Value.Table parse(Problems problems) {
    TomlParseResult result = Toml.parse(text, TomlVersion.V1_0_0);
    List<TomlParseError> errors = result.errors();
    for (TomlParseError error : errors.subList(0, Math.min(errors.size(), MAX_SYNTAX_ERRORS))) {
      problems.add(origin(file, error.position()), message(error));
    }
    Conversion conversion = new Conversion(file, strayLines(errors), errors.isEmpty());
    return conversion.table(result, new Origin(file, 1, 1));
  }

  /** The library's own message in the manner of ours, unless it starts with a key. */
  private static String message(TomlParseError error) {
    String message = Quoted.escape(String.valueOf(error.getMessage()));
    return message.isEmpty() || message.contains(" defined at ")
        ? message
        : Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }

  private static Origin origin(String file, TomlPosition position) {
    return new Origin(file, position.line(), position.column());
  }

  /** The lines from a header with an error to the next header. */
  private BitSet strayLines(List<TomlParseError> errors) {
    BitSet wrong = new BitSet();
    errors.forEach(e -> wrong.set(e.position().line()));
    BitSet stray = new BitSet();
    if (wrong.isEmpty()) {
      return stray;
    }
    List<String> lines = text.lines().toList();
    boolean inStray = false;
    for (int line = 1; line <= lines.size(); line++) {
      if (lines.get(line - 1).stripLeading().startsWith("[")) {
        inStray = wrong.get(line);
      }
      stray.set(line, inStray);
    }
    return stray;
  }

  /** The library's tables as ours; nesting is bounded by the library (128 levels). */
  private record Conversion(String file, BitSet strayLines, boolean complete) {

    Value.Table table(TomlTable table, Origin at) {
      List<Value.Entry> entries = new ArrayList<>();
      for (String key : table.keySet()) {
        List<String> path = List.of(key);
        Origin keyAt = place(table.inputPositionOf(path), at);
        if (strayLines.get(keyAt.line())) {
          continue;
        }
        var entry = table.entry(path);
        Origin valueAt = entry == null ? keyAt : place(entry.value().position(), keyAt);
        entries.add(new Value.Entry(key, keyAt, value(table.get(path), valueAt)));
      }
      return new Value.Table(entries, complete, at);
    }

    Value value(Object value, Origin at) {
      if (value instanceof String text) {
        return new Value.Text(text, at);
      }
      if (value instanceof Long whole) {
        return new Value.Whole(whole, at);
      }
      if (value instanceof Double fraction) {
        return new Value.Fraction(fraction, at);
      }
      if (value instanceof Boolean flag) {
        return new Value.Flag(flag, at);
      }
      if (value instanceof TomlTable table) {
        return table(table, at);
      }
      if (value instanceof TomlArray array) {
        List<Value> items = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
          items.add(value(array.get(i), place(array.inputPositionOf(i), at)));
        }
        return new Value.Items(items, at);
      }
      return new Value.Moment(String.valueOf(value), at);
    }

    /** Where the library says; it is silent about text that stands in no file. */
    private Origin place(@Nullable TomlPosition position, Origin otherwise) {
      return position == null || otherwise.line() == 0 ? otherwise : origin(file, position);
    }
  }
}
