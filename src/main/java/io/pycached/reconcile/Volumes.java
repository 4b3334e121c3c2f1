package io.pycached.reconcile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * On which file systems the roots of projects lay when their bytecode last agreed with what is
 * there, by the device number ({@code st_dev}, stat(2)). Safe for use by any thread.
 *
 * <p>A disk that is not mounted, or another one in its place, leaves a directory of the same name
 * that proves nothing.
 */
public final class Volumes {
  private final Map<Path, Long> agreed = new TreeMap<>();

  /** {@return what is known, by root} */
  public synchronized Map<Path, Long> agreed() {
    return Map.copyOf(agreed);
  }

  /**
   * Notes that the bytecode of the project at {@code root} agrees with what is on {@code device}.
   */
  public synchronized void agree(Path root, long device) {
    agreed.put(root, device);
  }

  /** Forgets all roots but {@code staying}. */
  synchronized void retain(Set<Path> staying) {
    agreed.keySet().retainAll(staying);
  }

  /** {@return whether {@code root} lies on another file system than when its bytecode agreed} */
  synchronized boolean isAnother(Path root, long device) {
    Long before = agreed.get(root);
    return before != null && before != device;
  }

  /** {@return the device that {@code root} is on; nothing if it cannot be seen} */
  static OptionalLong deviceOf(Path root) {
    try {
      return OptionalLong.of((long) Files.getAttribute(root, "unix:dev"));
    } catch (IOException unseen) {
      return OptionalLong.empty();
    }
  }
}
