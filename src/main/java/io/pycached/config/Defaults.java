package io.pycached.config;

import java.nio.file.Path;

/**
 * The defaults that depend on who runs the program and where.
 *
 * @param prefix the pycache prefix, absolute
 * @param socket the admin endpoint's Unix socket, absolute
 */
public record Defaults(Path prefix, Path socket) {

  /** Defaults that are absolute and free of {@code .} and {@code ..}. */
  public Defaults {
    Kinds.requireAbsolute(prefix);
    Kinds.requireAbsolute(socket);
  }
}
