package io.pycached.config;

import java.nio.file.FileSystem;
import java.util.Optional;

/** What a key expects: turns a value as written into a value of the program. */
@FunctionalInterface
interface Kind<T> {

  /** {@return the meaning of a value; empty after its errors were reported} */
  Optional<T> read(Value value, Context context);

  /**
   * What a value is read for.
   *
   * @param key the key as messages name it
   * @param fileSystem makes paths and globs
   * @param problems takes the errors
   */
  record Context(String key, FileSystem fileSystem, Problems problems) {

    <T> Optional<T> mismatch(String expected, Value found) {
      problems.add(found.at(), key + ": expected " + expected + ", found " + found.shown());
      return Optional.empty();
    }
  }
}
