package io.pycached.daemon;

import io.pycached.compile.Answers;
import io.pycached.compile.Interpreter;
import io.pycached.compile.Interpreters;
import io.pycached.compile.Refusal;
import io.pycached.compile.Search;
import io.pycached.config.ProjectSettings;
import io.pycached.layout.CacheTag;
import io.pycached.layout.Variant;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interpreters that are known, for those who cannot wait until they have been asked. What they
 * answered is kept from one run to the next. For the holder of the prefix's lock; safe for use by
 * any of its threads.
 */
final class Probing {
  private static final Logger log = LoggerFactory.getLogger(Probing.class);
  private static final String PROBLEM = "interpreter-unusable";
  private static final String MISSING = "interpreter-missing";

  private final Answers answers = new Answers();
  private final KeptText kept;
  private final Interpreters interpreters;
  private final Set<Path> configured;
  private final Problems problems;
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile List<Interpreter> known = List.of();
  private volatile Set<CacheTag> wanted = Set.of();

  /**
   * @param search where they are looked for
   * @param configured those that somebody named: if one cannot be used, that is a problem
   */
  Probing(Path prefix, Search search, List<Path> configured, Problems problems) {
    this.kept = new KeptText(prefix, "interpreters");
    this.interpreters = new Interpreters(search, answers);
    this.configured = Set.copyOf(configured);
    this.problems = problems;
  }

  /** Tells which variants the configuration names: that nobody writes one is a problem. */
  void wants(List<ProjectSettings> projects) {
    wanted.forEach(tag -> problems.clear(MISSING, tag.name()));
    wanted =
        projects.stream()
            .flatMap(project -> project.variants().orElse(List.of()).stream())
            .map(variant -> Variant.parse(variant).tag())
            .collect(Collectors.toUnmodifiableSet());
    if (!known.isEmpty()) {
      tellMissing();
    }
  }

  private void tellMissing() {
    for (CacheTag tag : wanted) {
      if (known.stream().anyMatch(interpreter -> interpreter.cacheTag().equals(tag))) {
        problems.clear(MISSING, tag.name());
      } else {
        problems.raise(
            MISSING,
            tag.name(),
            "nothing is compiled for the configured " + tag + ": no interpreter here writes it");
      }
    }
  }

  Interpreters interpreters() {
    return interpreters;
  }

  /** Asks them in a thread of its own: those that have not said who they are in an earlier run. */
  void start() {
    answers.load(kept.read());
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
    kept.write(answers.save());
    if (known.isEmpty() && !told.getAndSet(true)) {
      log.info("no interpreter was found: nothing is compiled ahead of the import");
    }
    tellMissing();
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
