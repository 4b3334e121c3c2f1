package io.pycached.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the manual says of the configuration's keys: the words of {@code config/pycached.toml},
 * which lists every key that the parser knows, with its default.
 */
final class KeySections {
  private static final Pattern TABLE = Pattern.compile("#?(\\[+[a-z]+]+)");
  private static final Pattern SETTING = Pattern.compile("#?([a-z-]+) = (.*)");
  private static final Pattern HEADING = Pattern.compile("# --- (.*?) -+");
  private static final Pattern EXAMPLE = Pattern.compile("\\s*Examples?:$");

  private final StringBuilder roff = new StringBuilder();
  private final List<String> comment = new ArrayList<>();
  private String heading = "";

  private KeySections() {}

  /**
   * {@return a section for each table, and in it a paragraph for each key}
   *
   * @param toml the shipped configuration file
   */
  static String of(String toml) {
    KeySections sections = new KeySections();
    // What the file says of itself, the page says in its own words.
    String keys = toml.substring(toml.indexOf("\n\n") + 2);
    sections.roff.append(".SS Before the first table\n");
    keys.lines().forEach(sections::add);
    return sections.roff.toString();
  }

  private void add(String line) {
    Matcher named = HEADING.matcher(line);
    Matcher table = TABLE.matcher(line);
    Matcher setting = SETTING.matcher(line);
    if (named.matches()) {
      heading = named.group(1);
    } else if (table.matches()) {
      roff.append(".SS ").append(Roff.text(table.group(1))).append('\n');
      roff.append(Roff.text(heading + ". " + withoutExample(comment()))).append('\n');
      comment.clear();
    } else if (setting.matches()) {
      addKey(setting.group(1), setting.group(2));
    } else if (line.startsWith("# ")) {
      comment.add(line.substring(2));
    }
  }

  private void addKey(String key, String value) {
    String text = comment();
    if (text.isEmpty()) {
      // It shares the paragraph of the key before it.
      roff.append(Roff.tagged(tag(key, value), "Likewise. Example: " + Roff.bold(value)));
      return;
    }
    String said = Roff.text(withoutExample(text));
    String shown =
        EXAMPLE.matcher(text).find()
            ? " Example: " + Roff.bold(value)
            : text.contains("Default: ") ? "" : " Default: " + Roff.bold(value);
    roff.append(Roff.tagged(tag(key, value), said + shown));
    comment.clear();
  }

  private static String tag(String key, String value) {
    return Roff.bold(key) + " (" + type(value) + ")";
  }

  /** {@return the type in TOML of a value} */
  private static String type(String value) {
    return switch (value.charAt(0)) {
      case '"' -> "string";
      case '[' -> "array of strings";
      case 't', 'f' -> "boolean";
      default -> value.contains(".") ? "number" : "integer";
    };
  }

  private String comment() {
    return String.join(" ", comment).strip();
  }

  private static String withoutExample(String text) {
    return EXAMPLE.matcher(text).replaceFirst("").strip();
  }
}
