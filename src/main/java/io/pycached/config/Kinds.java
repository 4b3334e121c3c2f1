package io.pycached.config;

import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** The kinds of value that keys expect. */
final class Kinds {

  static final Kind<Boolean> FLAG =
      (value, context) -> value.asFlag().or(() -> context.mismatch("true or false", value));

  static final Kind<Path> ABSOLUTE_PATH = Kinds::absolutePath;

  static final Kind<String> GLOB = Kinds::glob;

  /** A size in bytes. */
  static final Kind<Long> SIZE = Kinds::size;

  static final Kind<Long> POSITIVE =
      (value, context) -> {
        OptionalLong whole = value.asWhole();
        return whole.isPresent() && whole.getAsLong() > 0
            ? Optional.of(whole.getAsLong())
            : context.mismatch("a whole number above 0", value);
      };

  static final Kind<Double> SHARE =
      (value, context) -> {
        OptionalDouble number = value.asNumber();
        return number.isPresent() && number.getAsDouble() > 0 && number.getAsDouble() <= 1
            ? Optional.of(number.getAsDouble())
            : context.mismatch("a number above 0 and up to 1", value);
      };

  static final Kind<ListenAddress> LISTEN =
      (value, context) ->
          value
              .asText()
              .flatMap(ListenAddress::parse)
              .or(
                  () ->
                      context.mismatch(
                          "a loopback address such as \"127.0.0.1:7331\", \"[::1]:7331\" or"
                              + " \"localhost:7331\"",
                          value));

  private Kinds() {}

  static void requireAbsolute(Path path) {
    if (!isAbsoluteAndNormal(path)) {
      throw new IllegalArgumentException("not an absolute path without . and ..: " + path);
    }
  }

  private static boolean isAbsoluteAndNormal(Path path) {
    return path.isAbsolute() && path.equals(path.normalize());
  }

  static Kind<String> text(String expected, String regex) {
    Predicate<String> valid = Pattern.compile(regex).asMatchPredicate();
    return (value, context) ->
        value.asText().filter(valid).or(() -> context.mismatch(expected, value));
  }

  /** One of an enum's constants, written in lower case with dashes. */
  static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
    List<E> constants = List.of(type.getEnumConstants());
    String expected =
        constants.stream().map(e -> Quoted.text(word(e))).collect(Collectors.joining(" or "));
    return (value, context) ->
        value
            .asText()
            .flatMap(text -> constants.stream().filter(e -> word(e).equals(text)).findFirst())
            .or(() -> context.mismatch(expected, value));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A list whose items are all checked, not only up to the first bad one. */
  static <T> Kind<List<T>> listOf(Kind<T> item) {
    return (value, context) -> {
      Optional<List<Value>> items = value.asItems();
      if (items.isEmpty()) {
        return context.mismatch("an array", value);
      }
      List<T> read = new ArrayList<>();
      for (Value each : items.get()) {
        item.read(each, context).ifPresent(read::add);
      }
      return read.size() == items.get().size() ? Optional.of(read) : Optional.empty();
    };
  }

  static <T> Kind<List<T>> someOf(Kind<T> item) {
    return (value, context) ->
        value.asItems().filter(List::isEmpty).isPresent()
            ? context.mismatch("at least one item", value)
            : listOf(item).read(value, context);
  }

  /** A duration between two bounds, both written as in the configuration and both included. */
  static Kind<Duration> duration(String least, String most) {
    Duration min = Durations.parse(least).orElseThrow();
    Duration max = Durations.parse(most).orElseThrow();
    return (value, context) -> {
      Optional<Duration> duration = value.asText().flatMap(Durations::parse);
      if (duration.isEmpty()) {
        return context.mismatch("a duration such as \"10m\" or \"1h30m\"", value);
      }
      return duration
          .filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0)
          .or(() -> context.mismatch("a duration from " + least + " to " + most, value));
    };
  }

  private static Optional<Long> size(Value value, Kind.Context context) {
    OptionalLong whole = value.asWhole();
    Optional<BigInteger> bytes =
        whole.isPresent()
            ? Optional.of(BigInteger.valueOf(whole.getAsLong()))
            : value.asText().flatMap(ByteSizes::parse);
    if (bytes.isEmpty()) {
      return context.mismatch("a size such as \"4 GiB\"", value);
    }
    return bytes
        .filter(b -> b.signum() > 0 && b.bitLength() < Long.SIZE)
        .map(BigInteger::longValueExact)
        .or(() -> context.mismatch("a size from 1 B to 8388607 TiB", value));
  }

  private static Optional<Path> absolutePath(Value value, Kind.Context context) {
    Optional<String> text = value.asText();
    if (text.isEmpty()) {
      return context.mismatch("an absolute path", value);
    }
    Path path;
    try {
      path = context.fileSystem().getPath(text.get());
    } catch (InvalidPathException e) {
      return context.mismatch("a path that the file system and this locale can hold", value);
    }
    if (!path.isAbsolute()) {
      return context.mismatch("an absolute path", value);
    }
    if (!isAbsoluteAndNormal(path)) {
      return context.mismatch("a path without . and ..", value);
    }
    return Optional.of(path);
  }

  private static Optional<String> glob(Value value, Kind.Context context) {
    Optional<String> glob = value.asText().filter(text -> !text.isEmpty());
    if (glob.isEmpty()) {
      return context.mismatch("a glob such as \"**/.git\"", value);
    }
    try {
      context.fileSystem().getPathMatcher("glob:" + glob.get());
      return glob;
    } catch (PatternSyntaxException e) {
      return context.mismatch("a glob such as \"**/.git\"", value);
    }
  }
}
