package io.pycached.layout;

import org.jspecify.annotations.Nullable;

/**
 * The part of a bytecode file's name that says which interpreter wrote it, {@code
 * sys.implementation.cache_tag} (PEP 3147): {@code cpython-312}, {@code pypy39}.
 *
 * <p>Free-threaded and debug builds share the tag of the ordinary build, so a tag alone does not
 * name a bytecode format.
 */
public record CacheTag(String name) implements Comparable<CacheTag> {
  /**
   * Implementations that write tagged bytecode. Without the list {@code data.v2.pyc} would pass for
   * bytecode of an interpreter called {@code v2}.
   */
  private static final String[] IMPLEMENTATIONS = {
    "cpython",
    "pypy",
    "graalpython",
    "graalpy",
    "rustpython",
    "pyston",
    "cinder",
    "jython",
    "ironpython"
  };

  /**
   * The longest tag that is taken for one; the longest known is {@code
   * graalpython-38-native-x86_64-linux}'s kin.
   */
  private static final int MAX_LENGTH = 64;

  public CacheTag {
    if (!isCacheTag(name)) {
      throw new IllegalArgumentException("not a cache tag: " + name);
    }
  }

  /** Whether {@code text} is an implementation, a version, and perhaps more between dashes. */
  static boolean isCacheTag(String text) {
    // By hand: a regular expression took a twentieth of a survey's time.
    if (text.length() > MAX_LENGTH) {
      return false;
    }
    for (String implementation : IMPLEMENTATIONS) {
      if (text.startsWith(implementation)) {
        return isVersion(text, implementation.length());
      }
    }
    return false;
  }

  private static boolean isVersion(String text, int from) {
    int at = from < text.length() && text.charAt(from) == '-' ? from + 1 : from;
    if (at == text.length() || !isDigit(text.charAt(at))) {
      return false;
    }
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      boolean dash = c == '-' && at + 1 < text.length() && text.charAt(at + 1) != '-';
      if (!dash && !isDigit(c) && !(c >= 'a' && c <= 'z')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  // Both by hand, see FileStamp: each file of a survey asks.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CacheTag that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public int compareTo(CacheTag other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
