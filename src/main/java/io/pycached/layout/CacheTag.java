package io.pycached.layout;

import java.util.regex.Pattern;

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
  private static final Pattern KNOWN =
      Pattern.compile(
          "(cpython|pypy|graalpy|graalpython|rustpython|pyston|cinder|jython|ironpython)-?[0-9][0-9a-z]*(-[0-9a-z]+)*");

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

  static boolean isCacheTag(String text) {
    return text.length() <= MAX_LENGTH && KNOWN.matcher(text).matches();
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
