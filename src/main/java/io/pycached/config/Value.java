package io.pycached.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** A value as it was written, before its key gives it a meaning, and where it stands. */
sealed interface Value {

  Origin at();

  /** What a message says was found. */
  String shown();

  default Optional<String> asText() {
    return Optional.empty();
  }

  default OptionalLong asWhole() {
    return OptionalLong.empty();
  }

  default OptionalDouble asNumber() {
    return OptionalDouble.empty();
  }

  default Optional<Boolean> asFlag() {
    return Optional.empty();
  }

  default Optional<List<Value>> asItems() {
    return Optional.empty();
  }

  record Text(String text, Origin at) implements Value {

    @Override
    public String shown() {
      return Quoted.text(text);
    }

    @Override
    public Optional<String> asText() {
      return Optional.of(text);
    }
  }

  record Whole(long value, Origin at) implements Value {

    @Override
    public String shown() {
      return Long.toString(value);
    }

    @Override
    public OptionalLong asWhole() {
      return OptionalLong.of(value);
    }

    @Override
    public OptionalDouble asNumber() {
      return OptionalDouble.of((double) value);
    }
  }

  record Fraction(double value, Origin at) implements Value {

    @Override
    public String shown() {
      return Double.toString(value);
    }

    @Override
    public OptionalDouble asNumber() {
      return OptionalDouble.of(value);
    }
  }

  record Flag(boolean value, Origin at) implements Value {

    @Override
    public String shown() {
      return Boolean.toString(value);
    }

    @Override
    public Optional<Boolean> asFlag() {
      return Optional.of(value);
    }
  }

  record Items(List<Value> items, Origin at) implements Value {

    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String shown() {
      return "an array";
    }

    @Override
    public Optional<List<Value>> asItems() {
      return Optional.of(items);
    }
  }

  /** A date or a time, which no key expects. */
  record Moment(String text, Origin at) implements Value {

    @Override
    public String shown() {
      return text;
    }
  }

  /**
   * A table.
   *
   * @param complete false where syntax errors may have taken keys away
   */
  record Table(List<Entry> entries, boolean complete, Origin at) implements Value {

    public Table {
      entries = List.copyOf(entries);
    }

    @Override
    public String shown() {
      return "a table";
    }
  }

  /** A key of a table; {@code at} is where the key stands, the value has its own place. */
  record Entry(String key, Origin at, Value value) {}

  /** The text of an environment variable, which is whatever its key expects. */
  record Untyped(String text, Origin at) implements Value {

    /** Narrower than {@link Double#parseDouble}, which takes hexadecimal and suffixes too. */
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

    @Override
    public String shown() {
      return Quoted.text(text);
    }

    @Override
    public Optional<String> asText() {
      return Optional.of(text);
    }

    @Override
    public OptionalLong asWhole() {
      try {
        return OptionalLong.of(Long.parseLong(text.replace("_", "")));
      } catch (NumberFormatException e) {
        return OptionalLong.empty();
      }
    }

    @Override
    public OptionalDouble asNumber() {
      return DECIMAL.matcher(text).matches()
          ? OptionalDouble.of(Double.parseDouble(text))
          : OptionalDouble.empty();
    }

    @Override
    public Optional<Boolean> asFlag() {
      return switch (text) {
        case "true" -> Optional.of(true);
        case "false" -> Optional.of(false);
        default -> Optional.empty();
      };
    }

    /** A TOML array, or words between commas. */
    @Override
    public Optional<List<Value>> asItems() {
      if (text.strip().startsWith("[")) {
        return TomlParser.array(text.strip(), at);
      }
      return Optional.of(
          Arrays.stream(text.split(",", -1))
              .map(String::strip)
              .<Value>map(word -> new Untyped(word, at))
              .toList());
    }
  }
}
