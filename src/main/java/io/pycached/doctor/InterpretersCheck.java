package io.pycached.doctor;

import io.pycached.compile.Interpreter;
import io.pycached.compile.Interpreters;
import io.pycached.compile.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether there is an interpreter to compile with, why others are not used, and whether the site's
 * own code has one keep its bytecode elsewhere than the variable says.
 */
public final class InterpretersCheck implements Check {
  /** Refused interpreters that nobody named and that get a line. */
  private static final int SHOWN = 5;

  /** {@code sys.pycache_prefix} is of 3.8, and nothing older than 3.7 is known at all. */
  private static final String BEFORE_PREFIXES = "3.7.";

  private final Interpreters interpreters;
  private final Set<Path> configured;
  private final boolean othersWrite;
  private final String variable;

  /**
   * @param configured those that somebody named
   * @param othersWrite whether those who import may write bytecode themselves, be it from other
   *     containers
   * @param variable the {@code PYTHONPYCACHEPREFIX} that the interpreters are asked in
   */
  public InterpretersCheck(
      Interpreters interpreters, List<Path> configured, boolean othersWrite, String variable) {
    this.interpreters = interpreters;
    this.configured = Set.copyOf(configured);
    this.othersWrite = othersWrite;
    this.variable = variable;
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
      known.stream()
          .filter(each -> !each.version().startsWith(BEFORE_PREFIXES))
          .flatMap(each -> elsewhere(each).stream())
          .forEach(found::add);
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

  private boolean isAsTheVariableSays(Optional<Path> seen) {
    return seen.isPresent()
        // A relative path is told of by VariableCheck.
        ? Set.of(PrefixValue.THIS, PrefixValue.RELATIVE)
            .contains(PrefixValue.of(variable, seen.get()))
        : variable.isEmpty();
  }

  /** What an interpreter sees where that is not what the variable says. */
  private Optional<Diagnosis> elsewhere(Interpreter interpreter) {
    String executable = Shown.word(interpreter.executable());
    String question = executable + " -B -c 'import sys; print(sys.pycache_prefix)'";
    try {
      Optional<Path> seen = interpreters.pycachePrefix(interpreter);
      return isAsTheVariableSays(seen)
          ? Optional.empty()
          : Optional.of(
              Diagnosis.warning(
                  this,
                  "in %s, sys.pycache_prefix is %s, not what %s says: its site customization sets it"
                      .formatted(
                          Shown.line(interpreter.executable()),
                          seen.map(Shown::line).orElse("not set"),
                          Variables.PREFIX),
                  executable + " -B -c 'import sitecustomize; print(sitecustomize.__file__)'"));
    } catch (IOException unanswered) {
      return Optional.of(
          Diagnosis.warning(
              this,
              "%s with its site %s"
                  .formatted(Shown.line(interpreter.executable()), unanswered.getMessage()),
              question));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
