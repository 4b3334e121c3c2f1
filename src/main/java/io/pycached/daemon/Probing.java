package io.pycached.daemon;

import io.pycached.compile.Interpreter;
import io.pycached.compile.Interpreters;
import io.pycached.compile.Refusal;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The interpreters that are known, for those who cannot wait until they have been asked. Safe for
 * use by any thread.
 */
final class Probing {
  private static final String PROBLEM = "interpreter-unusable";

  private final Interpreters interpreters;
  private final Set<Path> configured;
  private final Problems problems;
  private volatile List<Interpreter> known = List.of();

  /**
   * @param configured those that somebody named: if one cannot be used, that is a problem
   */
  Probing(Interpreters interpreters, List<Path> configured, Problems problems) {
    this.interpreters = interpreters;
    this.configured = Set.copyOf(configured);
    this.problems = problems;
  }

  /** Asks them in a thread of its own. */
  void start() {
    Thread thread = new Thread(this::look, "interpreters");
    thread.setDaemon(true);
    thread.start();
  }

  /** Asks those again that have changed. */
  void refresh() {
    interpreters.refresh();
    look();
  }

  private void look() {
    known = interpreters.known();
    for (Path executable : configured) {
      problems.clear(PROBLEM, executable.toString());
    }
    for (Refusal refusal : interpreters.refusals()) {
      if (configured.contains(refusal.executable())) {
        problems.raise(
            PROBLEM,
            refusal.executable().toString(),
            refusal.executable() + " " + refusal.message());
      }
    }
  }

  /** {@return the interpreters that answered so far} */
  List<Interpreter> known() {
    return known;
  }
}
