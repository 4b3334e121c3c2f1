package io.pycached.survey;

import java.nio.file.Path;

/**
 * A source directory and its mirror: the unit of all work.
 *
 * @param directory the source directory as interpreters see it, absolute
 * @param visible the same directory as this process sees it
 * @param mirror the directory in the prefix that holds its bytecode
 */
public record DirectoryPair(Path directory, Path visible, Path mirror) {

  /** {@return the pair of the subdirectory {@code name}} */
  public DirectoryPair child(Path name) {
    return new DirectoryPair(directory.resolve(name), visible.resolve(name), mirror.resolve(name));
  }
}
