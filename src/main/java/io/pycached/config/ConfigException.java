package io.pycached.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. Its message has one line for each error. */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<ConfigError> errors;

  ConfigException(List<ConfigError> errors) {
    super(errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
    this.errors = List.copyOf(errors);
  }

  /** {@return every error, by file, line and column} */
  public List<ConfigError> errors() {
    return errors;
  }
}
