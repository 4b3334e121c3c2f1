package io.pycached.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a TOML text that say something, with the numbers they have in the file.
 *
 * <p>Blank lines and lines that are comments are left out, because the library looks ahead over all
 * that follow at each of them: its time grows with the cube of their number, and five hundred in a
 * row take seconds.
 */
final class TomlLines {

  private final List<String> lines = new ArrayList<>();
  private final List<Integer> numbers = new ArrayList<>();

  TomlLines(String text) {
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (saysSomething(line)) {
        lines.add(line);
        numbers.add(number);
      }
    }
  }

  private static boolean saysSomething(String line) {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c != ' ' && c != '\t' && c != '\r') {
        return c != '#';
      }
    }
    return false;
  }

  int count() {
    return lines.size();
  }

  /** {@return a line's text}, counted from 1 among those that say something. */
  String line(int index) {
    return lines.get(index - 1);
  }

  /** {@return a line's number in the file}; behind the last line is the one after it. */
  int number(int index) {
    if (lines.isEmpty()) {
      return 1;
    }
    return index <= lines.size() ? numbers.get(index - 1) : numbers.get(lines.size() - 1) + 1;
  }

  String text() {
    return String.join("\n", lines) + "\n";
  }
}
