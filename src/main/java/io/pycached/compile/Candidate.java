package io.pycached.compile;

import io.pycached.layout.CacheTag;
import java.nio.file.Path;

/**
 * An executable that may be an interpreter.
 *
 * @param executable what is to be run, absolute
 * @param real the same without symbolic links
 */
record Candidate(Path executable, Path real) {

  /** {@return whether its name is that of an interpreter which writes {@code tag}} */
  boolean isNamedAfter(CacheTag tag) {
    String name = String.valueOf(real.getFileName());
    int digits = name.indexOf('3');
    return digits > 0
        && name.substring(digits).contains(".")
        && tag.name().endsWith(name.substring(digits).replace(".", ""))
        && tag.name().startsWith(name.startsWith("pypy") ? "pypy" : "cpython");
  }
}
