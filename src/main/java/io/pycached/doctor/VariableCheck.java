package io.pycached.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether an interpreter that is started here would use the prefix. */
public final class VariableCheck implements Check {
  private final Path prefix;
  private final Map<String, String> environment;
  private final boolean usersWrite;

  /**
   * @param usersWrite whether interpreters are to fill the prefix
   */
  public VariableCheck(Path prefix, Map<String, String> environment, boolean usersWrite) {
    this.prefix = prefix;
    this.environment = Map.copyOf(environment);
    this.usersWrite = usersWrite;
  }

  @Override
  public String name() {
    return "variable";
  }

  @Override
  public List<Diagnosis> look() {
    List<Diagnosis> found = new ArrayList<>();
    String value = environment.getOrDefault(Variables.PREFIX, "");
    String mend = "eval \"$(pycached env --prefix " + Shown.word(prefix) + ")\"";
    PrefixValue use = PrefixValue.of(value, prefix);
    switch (use) {
      case THIS -> found.add(Diagnosis.ok(this, Variables.PREFIX + " names the prefix"));
      case NONE ->
          found.add(
              Diagnosis.warning(
                  this,
                  Variables.PREFIX + " is not set here: Python does not use the prefix",
                  mend));
      case RELATIVE ->
          found.add(
              Diagnosis.problem(
                  this,
                  "%s is %s, a relative path: each working directory gets a cache of its own"
                      .formatted(Variables.PREFIX, value),
                  mend));
      case OTHER ->
          found.add(
              Diagnosis.warning(this, Variables.PREFIX + " names another prefix, " + value, mend));
    }
    if (!environment.getOrDefault(Variables.NO_WRITING, "").isEmpty() && usersWrite) {
      found.add(
          Diagnosis.warning(
              this,
              Variables.NO_WRITING + " is set: interpreters started here write no bytecode",
              "unset " + Variables.NO_WRITING));
    }
    return found;
  }
}
