package io.pycached.daemon;

import io.pycached.report.StatusReport.Problem;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is wrong at the moment, by what it is about. Safe for use by any thread. */
final class Problems {
  /** Beyond it only the number grows: someone who has this many has one cause. */
  private static final int MAX_PROBLEMS = 100;

  private final InstantSource clock;
  private final Map<String, Problem> problems = new TreeMap<>();

  Problems(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Notes a problem, or a new message about one that is known.
   *
   * @param subject what it is about, unique with {@code code}
   */
  synchronized void raise(String code, String subject, String message) {
    String key = code + " " + subject;
    Problem known = problems.get(key);
    if (known != null || problems.size() < MAX_PROBLEMS) {
      problems.put(
          key, new Problem(code, message, known == null ? clock.instant() : known.since()));
    }
  }

  /** Notes that a problem is over. */
  synchronized void clear(String code, String subject) {
    problems.remove(code + " " + subject);
  }

  synchronized List<Problem> list() {
    return new ArrayList<>(problems.values());
  }

  synchronized boolean isEmpty() {
    return problems.isEmpty();
  }
}
