package io.pycached.daemon;

import io.pycached.report.Failures;
import io.pycached.report.StatusReport.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/**
 * Paths in the prefix at which something failed, as long as they are there and it was not made
 * good. Safe for use by any thread.
 */
final class FailedPaths {
  /** Paths beyond it are not remembered: so many have one cause, which those tell of. */
  private static final int MAX_PATHS = 1_000;

  private final InstantSource clock;

  /**
   * Every directory that is surveyed is asked for here: without a lock, as there mostly is none.
   */
  private final Map<Path, Failure> failures = new ConcurrentHashMap<>();

  private record Failure(IOException cause, Instant since) {}

  FailedPaths(InstantSource clock) {
    this.clock = clock;
  }

  void note(Path path, IOException cause) {
    if (failures.size() < MAX_PATHS) {
      failures.putIfAbsent(path, new Failure(cause, clock.instant()));
    }
  }

  void forget(Path path) {
    failures.remove(path);
  }

  boolean isEmpty() {
    return failures.isEmpty();
  }

  /**
   * {@return what they are, if there are any} Each is looked for.
   *
   * @param what failed with so many of them, in words
   * @param hint what that means, or what helps
   */
  Optional<Problem> problem(String code, LongFunction<String> what, String hint) {
    failures.keySet().removeIf(path -> Files.notExists(path, LinkOption.NOFOLLOW_LINKS));
    return failures.entrySet().stream()
        .min(Comparator.comparing(failure -> failure.getValue().since()))
        .map(
            first ->
                new Problem(
                    code,
                    "%s, the first is %s: %s; %s"
                        .formatted(
                            what.apply(failures.size()),
                            first.getKey(),
                            Failures.reason(first.getValue().cause()),
                            hint),
                    first.getValue().since()));
  }
}
