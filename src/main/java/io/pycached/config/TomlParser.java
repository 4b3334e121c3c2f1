package io.pycached.config;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 *
 * <p>Strings of more than one line are refused: no key has use for them, and they would hide from
 * {@link TomlLines} which lines are comments.
 */
final class TomlParser {

  /** Syntax errors reported of one file; what follows so many is rarely a second mistake. */
  static final int MAX_SYNTAX_ERRORS = 100;

  private static final Pattern LONG_STRING = Pattern.compile("\"\"\"|'''");

  /** Where the library's message names another place. */
  private static final Pattern LINE = Pattern.compile("\\bline ([0-9]{1,6})(?=, column [0-9])");

  private final String file;
  private final TomlLines lines;

  TomlParser(String file, TomlLines lines) {
    this.file = file;
    this.lines = lines;
  }

  /** {@return the items of a TOML array on one line, outside a file; empty if it is none} */
  static Optional<List<Value>> array(String text, Origin at) {
    if (text.indexOf('\n') >= 0) {
      return Optional.empty();
    }
    Optional<TomlParseResult> result = toml("array = " + text);
    TomlArray array =
        result.isEmpty() || result.get().hasErrors() ? null : result.get().getArray("array");
    if (array == null) {
      return Optional.empty();
    }
    List<Value> items = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      items.add(new Conversion(position -> at, new BitSet(), true).value(array.get(i), at));
    }
    return Optional.of(items);
  }

  Value.Table parse(Problems problems) {
    if (refuseLongStrings(problems)) {
      return new Value.Table(List.of(), false, new Origin(file, 1, 1));
    }
    Optional<TomlParseResult> parsed = toml(lines.text());
    if (parsed.isEmpty()) {
      Origin somewhere = Origin.outsideFiles(file);
      problems.add(somewhere, "expected TOML, found what its parser fails at");
      return new Value.Table(List.of(), false, somewhere);
    }
    TomlParseResult result = parsed.get();
    List<TomlParseError> errors = result.errors();
    for (TomlParseError error : errors.subList(0, Math.min(errors.size(), MAX_SYNTAX_ERRORS))) {
      problems.add(origin(error.position()), message(error));
    }
    return new Conversion(this::origin, strayLines(errors), errors.isEmpty())
        .table(result, new Origin(file, 1, 1));
  }

  /**
   * What the library makes of a text; nothing where it fails itself, as 2.2.0 does at some inline
   * tables that break off in a comment with a control character.
   */
  private static Optional<TomlParseResult> toml(String text) {
    try {
      return Optional.of(Toml.parse(text, TomlVersion.V1_0_0));
    } catch (RuntimeException fault) {
      return Optional.empty();
    }
  }

  private boolean refuseLongStrings(Problems problems) {
    boolean found = false;
    for (int index = 1; index <= lines.count(); index++) {
      Matcher quotes = LONG_STRING.matcher(lines.line(index));
      if (quotes.find()) {
        int column = 1 + lines.line(index).codePointCount(0, quotes.start());
        problems.add(
            new Origin(file, lines.number(index), column),
            "expected a string on one line, found " + quotes.group());
        found = true;
      }
    }
    return found;
  }

  /** The library's own message in the manner of ours, unless it starts with a key. */
  private String message(TomlParseError error) {
    String message =
        LINE.matcher(Quoted.escape(String.valueOf(error.getMessage())))
            .replaceAll(line -> "line " + lines.number(Integer.parseInt(line.group(1))));
    return message.isEmpty() || message.contains(" defined at ")
        ? message
        : Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }

  private Origin origin(TomlPosition position) {
    return new Origin(file, lines.number(position.line()), position.column());
  }

  /** The lines of the file from a header with an error to the next header. */
  private BitSet strayLines(List<TomlParseError> errors) {
    BitSet wrong = new BitSet();
    errors.forEach(e -> wrong.set(e.position().line()));
    BitSet stray = new BitSet();
    boolean inStray = false;
    for (int index = 1; index <= lines.count(); index++) {
      if (lines.line(index).stripLeading().startsWith("[")) {
        inStray = wrong.get(index);
      }
      stray.set(lines.number(index), inStray);
    }
    return stray;
  }

  /** The library's tables as ours; nesting is bounded by the library (128 levels). */
  private record Conversion(
      Function<TomlPosition, Origin> places, BitSet strayLines, boolean complete) {

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
        entries.add(
            new Value.Entry(key, keyAt, value(Objects.requireNonNull(table.get(path)), valueAt)));
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

    private Origin place(@Nullable TomlPosition position, Origin otherwise) {
      return position == null ? otherwise : places.apply(position);
    }
  }
}
