package io.pycached.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the command line sets: it wins over files and environment.
 *
 * @param prefix the pycache prefix, absolute
 * @param socket the admin endpoint's Unix socket, absolute
 * @param directories trees that replace the configured projects, each as a project with default
 *     settings; absolute; none: the configured projects stay
 */
public record Overrides(Optional<Path> prefix, Optional<Path> socket, List<Path> directories) {

  /** Overrides whose paths are absolute and free of {@code .} and {@code ..}. */
  public Overrides {
    directories = List.copyOf(directories);
    prefix.ifPresent(Kinds::requireAbsolute);
    socket.ifPresent(Kinds::requireAbsolute);
    directories.forEach(Kinds::requireAbsolute);
  }

  /** {@return the overrides of an empty command line} */
  public static Overrides none() {
    return new Overrides(Optional.empty(), Optional.empty(), List.of());
  }
}
