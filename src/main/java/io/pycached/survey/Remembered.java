package io.pycached.survey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache that is made when there is something to remember. Most commands remember nothing,
 * and making a cache takes a seventh of the time in which they start. Safe for use by any thread.
 */
final class Remembered<K, V> {
  private final long entries;
  private volatile @Nullable Cache<K, V> cache;

  /**
   * @param entries how many are remembered at most
   */
  Remembered(long entries) {
    this.entries = entries;
  }

  @Nullable V get(K key) {
    Cache<K, V> made = cache;
    return made == null ? null : made.getIfPresent(key);
  }

  void put(K key, V value) {
    Cache<K, V> made = cache;
    (made == null ? make() : made).put(key, value);
  }

  /** Does nothing if it is not remembered. */
  void forget(K key) {
    Cache<K, V> made = cache;
    if (made != null) {
      made.invalidate(key);
    }
  }

  private synchronized Cache<K, V> make() {
    Cache<K, V> made = cache;
    if (made == null) {
      made = Caffeine.newBuilder().maximumSize(entries).build();
      cache = made;
    }
    return made;
  }
}
