package io.pycached.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of the prefix as they are shown: by a bounded number of cache tags, and each with every
 * state, so that a series stays where its last file goes.
 */
final class ShownFiles {
  /** Bound on cache tags; whoever may write to the prefix can invent any number of them. */
  static final int MAX_CACHE_TAGS = 32;

  private static final List<String> STATES =
      List.of("fresh", "stale", "orphaned", "corrupt", "unverifiable", "temporary", "foreign");

  private final Map<String, Map<String, FilesAndBytes>> byTag = new HashMap<>();

  /** Shows files without a cache tag, the tags with most bytes, and all others as one. */
  static Map<String, Map<String, FilesAndBytes>> of(Map<String, Map<String, FilesAndBytes>> files) {
    ShownFiles shown = new ShownFiles();
    shown.add("", files.getOrDefault("", Map.of()));
    List<TaggedFiles> largestFirst = new ArrayList<>();
    files.forEach((tag, byState) -> largestFirst.add(TaggedFiles.of(tag, byState)));
    largestFirst.removeIf(tagged -> tagged.tag().isEmpty());
    largestFirst.sort(
        Comparator.comparingLong(TaggedFiles::bytes).reversed().thenComparing(TaggedFiles::tag));
    for (int i = 0; i < largestFirst.size(); i++) {
      TaggedFiles tagged = largestFirst.get(i);
      shown.add(i < MAX_CACHE_TAGS ? tagged.tag() : Labelled.OTHER, tagged.byState());
    }
    return shown.byTag;
  }

  private void add(String tag, Map<String, FilesAndBytes> byState) {
    Map<String, FilesAndBytes> sums = byTag.computeIfAbsent(tag, added -> noFiles());
    byState.forEach((state, sum) -> sums.merge(state, sum, FilesAndBytes::plus));
  }

  private static Map<String, FilesAndBytes> noFiles() {
    Map<String, FilesAndBytes> none = new HashMap<>();
    for (String state : STATES) {
      none.put(state, FilesAndBytes.NONE);
    }
    return none;
  }

  private record TaggedFiles(String tag, Map<String, FilesAndBytes> byState, long bytes) {
    static TaggedFiles of(String tag, Map<String, FilesAndBytes> byState) {
      long bytes = byState.values().stream().mapToLong(FilesAndBytes::bytes).sum();
      return new TaggedFiles(tag, byState, bytes);
    }
  }
}
