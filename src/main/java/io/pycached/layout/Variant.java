package io.pycached.layout;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Which of a source's bytecode files one is: a cache tag and an optimization level (PEP 488),
 * written {@code cpython-312} or {@code cpython-312.opt-1}.
 *
 * @param optimization the level as in the file's name without {@code opt-}; empty for level 0,
 *     which has no part in the name
 */
public record Variant(CacheTag tag, String optimization) implements Comparable<Variant> {
  private static final String OPT = ".opt-";
  private static final Comparator<Variant> ORDER =
      Comparator.comparing(Variant::tag).thenComparing(Variant::optimization);

  public Variant {
    if (!isAlphanumeric(optimization)) {
      throw new IllegalArgumentException("not an optimization level: " + optimization);
    }
  }

  /**
   * {@return the variant that {@code text} names}
   *
   * @throws IllegalArgumentException if it names none
   */
  public static Variant parse(String text) {
    int opt = text.indexOf(OPT);
    return opt < 0
        ? new Variant(new CacheTag(text), "")
        : new Variant(
            new CacheTag(text.substring(0, opt)), requireLevel(text.substring(opt + OPT.length())));
  }

  private static String requireLevel(String level) {
    if (level.isEmpty()) {
      throw new IllegalArgumentException("an optimization level is missing after " + OPT);
    }
    return level;
  }

  /** As {@code str.isalnum} asks of it in {@code cache_from_source}, within ASCII. */
  static boolean isAlphanumeric(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) {
        return false;
      }
    }
    return true;
  }

  // Both by hand, see FileStamp: each file of a survey asks.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Variant that
        && tag.equals(that.tag)
        && optimization.equals(that.optimization);
  }

  @Override
  public int hashCode() {
    return 31 * tag.hashCode() + optimization.hashCode();
  }

  @Override
  public int compareTo(Variant other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return optimization.isEmpty() ? tag.name() : tag.name() + OPT + optimization;
  }
}
