package io.pycached.config;

import java.util.ArrayList;
import java.util.List;

/** The errors of one read, as they are found. Owned by the thread that reads. */
final class Problems {

  private final List<ConfigError> errors = new ArrayList<>();

  void add(Origin at, String message) {
    errors.add(new ConfigError(at.file(), at.line(), at.column(), message));
  }

  void throwIfAny() throws ConfigException {
    if (!errors.isEmpty()) {
      throw new ConfigException(errors.stream().sorted().distinct().toList());
    }
  }
}
