package io.pycached.config;

import java.nio.file.FileSystem;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/**
 * What the layers say, key by key: the last one wins, and every one is checked. Owned by the thread
 * that reads.
 */
final class Assignments {

  private final FileSystem fileSystem;
  private final Problems problems;

  /** By identity: each key is one object. */
  private final IdentityHashMap<Key<?>, List<Value>> values = new IdentityHashMap<>();

  Assignments(FileSystem fileSystem, Problems problems) {
    this.fileSystem = fileSystem;
    this.problems = problems;
  }

  void put(Key<?> key, Value value) {
    values.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
  }

  /** Takes every key of a table of this section; reports those that it does not have. */
  void putAll(String section, Value.Table table) {
    for (Value.Entry entry : table.entries()) {
      Optional<Key<?>> key = Key.find(section, entry.key());
      if (key.isPresent()) {
        put(key.get(), entry.value());
      } else {
        problems.add(entry.at(), Key.unknown(section, entry.key()));
      }
    }
  }

  boolean has(Key<?> key) {
    return values.containsKey(key);
  }

  /** {@return where the value that wins stands} */
  Optional<Origin> origin(Key<?> key) {
    List<Value> assigned = values.getOrDefault(key, List.of());
    return assigned.isEmpty()
        ? Optional.empty()
        : Optional.of(assigned.get(assigned.size() - 1).at());
  }

  /** {@return the value that wins; empty if there is none, or after its errors were reported} */
  <T> Optional<T> read(Key<T> key) {
    Optional<T> winner = Optional.empty();
    for (Value value : values.getOrDefault(key, List.of())) {
      winner = key.read(value, fileSystem, problems);
    }
    return winner;
  }

  <T> T read(Key<T> key, T otherwise) {
    return read(key).orElse(otherwise);
  }
}
