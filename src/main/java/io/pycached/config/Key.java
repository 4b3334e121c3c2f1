package io.pycached.config;

import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A key of the configuration.
 *
 * @param section the table that holds it; empty for the top level
 */
record Key<T>(String section, String name, Kind<T> kind) {

  static final String PROJECT = "project";
  static final String VARIABLE_PREFIX = "PYCACHED_";

  static final Key<Path> PREFIX = new Key<>("", "prefix", Kinds.ABSOLUTE_PATH);

  static final Key<Writers> WRITERS = new Key<>("", "writers", Kinds.oneOf(Writers.class));
  static final Key<String> TRUSTED_GROUP =
      new Key<>(
          "", "trusted-group", Kinds.text("a group's name", "[A-Za-z_][A-Za-z0-9_.-]{0,63}\\$?"));

  static final Key<Path> SOCKET = new Key<>("admin", "socket", Kinds.ABSOLUTE_PATH);
  static final Key<ListenAddress> LISTEN = new Key<>("admin", "listen", Kinds.LISTEN);
  static final Key<List<String>> ADMINS =
      new Key<>(
          "admin",
          "admins",
          Kinds.listOf(
              Kinds.text(
                  "a user's name or numeric id", "[A-Za-z_][A-Za-z0-9_-]*\\$?|[0-9]{1,10}")));

  static final Key<String> NAME =
      new Key<>(
          PROJECT,
          "name",
          Kinds.text("1 to 64 letters, digits, '.', '_' or '-'", "[A-Za-z0-9._-]{1,64}"));
  static final Key<Path> PATH = new Key<>(PROJECT, "path", Kinds.ABSOLUTE_PATH);
  static final Key<Path> VISIBLE_AT = new Key<>(PROJECT, "visible-at", Kinds.ABSOLUTE_PATH);
  static final Key<List<String>> EXCLUDE = new Key<>(PROJECT, "exclude", Kinds.listOf(Kinds.GLOB));
  static final Key<List<String>> VARIANTS =
      new Key<>(
          PROJECT,
          "variants",
          Kinds.someOf(
              Kinds.text(
                  "a variant such as \"cpython-312\" or \"cpython-312.opt-1\"",
                  "[A-Za-z0-9_-]{1,64}(\\.opt-[1-9])?")));
  static final Key<Warmth> WARM = new Key<>(PROJECT, "warm", Kinds.oneOf(Warmth.class));
  static final Key<InvalidationMode> INVALIDATION =
      new Key<>(PROJECT, "invalidation", Kinds.oneOf(InvalidationMode.class));

  static final Key<Long> PROJECT_MAX_SIZE = new Key<>(PROJECT, "max-size", Kinds.SIZE);
  static final Key<Long> PROJECT_MAX_FILES = new Key<>(PROJECT, "max-files", Kinds.POSITIVE);
  static final Key<Duration> PROJECT_MAX_AGE =
      new Key<>(PROJECT, "max-age", Kinds.duration("1s", Durations.MAX));

  static final Key<Boolean> DISCOVER = new Key<>("interpreters", "discover", Kinds.FLAG);
  static final Key<List<Path>> EXECUTABLES =
      new Key<>("interpreters", "executables", Kinds.listOf(Kinds.ABSOLUTE_PATH));

  static final Key<Long> MAX_SIZE = new Key<>("limits", "max-size", Kinds.SIZE);
  static final Key<Long> MAX_FILES = new Key<>("limits", "max-files", Kinds.POSITIVE);
  static final Key<Duration> MAX_AGE =
      new Key<>("limits", "max-age", Kinds.duration("1s", Durations.MAX));
  static final Key<Double> LOW_WATER = new Key<>("limits", "low-water", Kinds.SHARE);
  static final Key<Duration> MIN_AGE =
      new Key<>("limits", "min-age", Kinds.duration("0s", Durations.MAX));
  static final Key<Duration> ORPHAN_GRACE =
      new Key<>("limits", "orphan-grace", Kinds.duration("0s", Durations.MAX));
  static final Key<Duration> TEMPORARY_AGE =
      new Key<>("limits", "temporary-age", Kinds.duration("1s", Durations.MAX));

  static final Key<Double> MASS_DELETION = new Key<>("limits", "mass-deletion", Kinds.SHARE);

  static final Key<Boolean> PRUNE_MISSING = new Key<>("unclaimed", "prune-missing", Kinds.FLAG);

  static final Key<Boolean> SAME_CONTAINER = new Key<>("unclaimed", "same-container", Kinds.FLAG);

  static final Key<Long> SCRUB_RATE = new Key<>("scrub", "rate", Kinds.SIZE);
  static final Key<Duration> SCRUB_EVERY =
      new Key<>("scrub", "every", Kinds.duration("1s", Durations.MAX));

  static final Key<Duration> DEBOUNCE =
      new Key<>("watch", "debounce", Kinds.duration("10ms", "1m"));
  static final Key<Duration> FULL_SURVEY =
      new Key<>("watch", "full-survey", Kinds.duration("1s", Durations.MAX));
  static final Key<Duration> POLL_INTERVAL =
      new Key<>("watch", "poll-interval", Kinds.duration("100ms", Durations.MAX));
  static final Key<Duration> ROOT_CHECK =
      new Key<>("watch", "root-check", Kinds.duration("100ms", Durations.MAX));

  /** Every key there is. */
  static final List<Key<?>> ALL =
      List.of(
          PREFIX,
          WRITERS,
          TRUSTED_GROUP,
          SOCKET,
          LISTEN,
          ADMINS,
          NAME,
          PATH,
          VISIBLE_AT,
          EXCLUDE,
          VARIANTS,
          WARM,
          INVALIDATION,
          PROJECT_MAX_SIZE,
          PROJECT_MAX_FILES,
          PROJECT_MAX_AGE,
          DISCOVER,
          EXECUTABLES,
          MAX_SIZE,
          MAX_FILES,
          MAX_AGE,
          LOW_WATER,
          MIN_AGE,
          ORPHAN_GRACE,
          TEMPORARY_AGE,
          MASS_DELETION,
          PRUNE_MISSING,
          SAME_CONTAINER,
          SCRUB_RATE,
          SCRUB_EVERY,
          DEBOUNCE,
          FULL_SURVEY,
          POLL_INTERVAL,
          ROOT_CHECK);

  /** {@return the key as messages name it} */
  String label() {
    return section.isEmpty() ? name : section + "." + name;
  }

  /** {@return the environment variable that sets it: two underscores nest, one is a dash} */
  String variable() {
    String nested = section.isEmpty() ? name : section + "__" + name;
    return VARIABLE_PREFIX + nested.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  Optional<T> read(Value value, FileSystem fileSystem, Problems problems) {
    return kind.read(value, new Kind.Context(label(), fileSystem, problems));
  }

  static Optional<Key<?>> find(String section, String name) {
    return ALL.stream()
        .filter(key -> key.section().equals(section) && key.name().equals(name))
        .findFirst();
  }

  static boolean isSection(String name) {
    return ALL.stream().anyMatch(key -> !name.isEmpty() && key.section().equals(name));
  }

  /** {@return what to say of a key that does not exist, or not there} */
  static String unknown(String section, String name) {
    String where = section.isEmpty() ? "" : " in " + header(section);
    String message = "unknown key " + Quoted.word(name) + where;
    List<String> siblings =
        ALL.stream().filter(key -> key.section().equals(section)).map(Key::name).toList();
    List<String> homes =
        ALL.stream().filter(key -> key.name().equals(name)).map(Key::section).toList();
    if (homes.isEmpty()) {
      return message + Spelling.hint(name, siblings);
    }
    return message
        + "; it belongs "
        + (homes.contains("")
            ? "at the top, before the first [table]"
            : "in " + homes.stream().map(Key::header).collect(Collectors.joining(" or ")));
  }

  static String unknownTable(String name) {
    List<String> sections =
        ALL.stream().map(Key::section).filter(s -> !s.isEmpty()).distinct().toList();
    String hint =
        Spelling.nearest(name, sections).map(s -> "; did you mean " + header(s) + "?").orElse("");
    return "unknown table " + Quoted.word(name) + hint;
  }

  private static String header(String section) {
    return section.equals(PROJECT) ? "[[project]]" : "[" + section + "]";
  }
}
