package io.pycached.doctor;

import io.pycached.compile.Interpreter;
import io.pycached.compile.Interpreters;
import io.pycached.compile.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether there is an interpreter to compile with, and why others are not used. */
public final class InterpretersCheck implements Check {
  /** Refused interpreters that nobody named and that get a line. */
  private static final int SHOWN = 5;

  private final Interpreters interpreters;
  private final Set<Path> configured;
  private final boolean othersWrite;

  /**
   * @param configured those that somebody named
   * @param othersWrite whether those who import may write bytecode themselves, be it from other
   *     containers
   */
  public InterpretersCheck(Interpreters interpreters, List<Path> configured, boolean othersWrite) {
    this.interpreters = interpreters;
    this.configured = Set.copyOf(configured);
    this.othersWrite = othersWrite;
  }

  @Override
  public String name() {
    return "interpreters";
  }

  @Override
  public List<Diagnosis> look() {
    List<Diagnosis> found = new ArrayList<>();
    List<Interpreter> known = interpreters.known();
    if (known.isEmpty() && othersWrite) {
      found.add(
          Diagnosis.ok(
              this,
              "none was found: what users write is kept, and nothing is compiled ahead of the"
                  + " import"));
    } else if (known.isEmpty()) {
      found.add(
          Diagnosis.warning(
              this,
              "none was found: nothing is compiled ahead of the import",
              "echo '[interpreters]\\nexecutables = [\"/path/to/python3\"]'"
                  + " >> /etc/pycached/pycached.toml"));
    } else {
      found.add(
          Diagnosis.ok(
              this,
              known.stream()
                  .collect(
                      Collectors.toMap(
                          each -> each.cacheTag().name(),
                          each -> Shown.line(each.executable()),
                          (first, other) -> first,
                          LinkedHashMap::new))
                  .entrySet()
                  .stream()
                  .map(each -> each.getKey() + " by " + each.getValue())
                  .collect(Collectors.joining(", "))));
    }
    int shown = 0;
    for (Refusal refusal : interpreters.refusals()) {
      String line = Shown.line(refusal.executable()) + " " + refusal.message();
      if (configured.contains(refusal.executable())) {
        found.add(
            Diagnosis.problem(
                this, "the configured " + line, "ls -lL -- " + Shown.word(refusal.executable())));
      } else if (shown++ < SHOWN) {
        found.add(Diagnosis.ok(this, "not used: " + line));
      }
    }
    return found;
  }
}
