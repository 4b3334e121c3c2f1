package io.pycached.doctor;

import io.pycached.layout.RawPath;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** What a value of {@code PYTHONPYCACHEPREFIX} or {@code -X pycache_prefix} means. */
enum PrefixValue {
  /** Nothing: bytecode lies beside its sources. */
  NONE,
  THIS,
  OTHER,
  /** Below whatever is the working directory at each import. */
  RELATIVE;

  /**
   * {@return what {@code value} means next to {@code prefix}}
   *
   * @param value as text, or raw
   */
  static PrefixValue of(String value, Path prefix) {
    if (value.isEmpty()) {
      return NONE;
    }
    if (!value.startsWith("/")) {
      return RELATIVE;
    }
    return isSame(prefix, prefix.getFileSystem().getPath("/"), value) ? THIS : OTHER;
  }

  private static boolean isSame(Path prefix, Path root, String value) {
    try {
      return root.resolve(value).normalize().equals(prefix)
          || RawPath.toPath(prefix.getFileSystem(), value).normalize().equals(prefix);
    } catch (InvalidPathException none) {
      return false;
    }
  }
}
