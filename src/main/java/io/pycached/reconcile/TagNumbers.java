package io.pycached.reconcile;

import java.util.ArrayList;
import java.util.List;

/** Small numbers for the cache tags of a catalog. Guarded by the catalog. */
final class TagNumbers {
  /**
   * Tags come from file names; beyond this many, which no machine's interpreters reach, they are
   * counted as {@code other}.
   */
  static final int MAX_TAGS = 200;

  private static final String OTHER = "other";

  private final List<String> tags = new ArrayList<>(List.of("", OTHER));

  /** {@return the number of {@code tag}} */
  int of(String tag) {
    int known = tags.indexOf(tag);
    if (known >= 0) {
      return known;
    }
    if (tags.size() >= MAX_TAGS) {
      return tags.indexOf(OTHER);
    }
    tags.add(tag);
    return tags.size() - 1;
  }

  String tag(int number) {
    return tags.get(number);
  }

  int size() {
    return tags.size();
  }
}
