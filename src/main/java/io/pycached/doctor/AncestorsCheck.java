package io.pycached.doctor;

import io.pycached.audit.Ancestors;
import io.pycached.audit.Flaw;
import io.pycached.audit.FlawKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether somebody could put another directory in the prefix's place. */
public final class AncestorsCheck implements Check {
  private final Path prefix;
  private final Ancestors ancestors;

  public AncestorsCheck(Path prefix, Ancestors ancestors) {
    this.prefix = prefix;
    this.ancestors = ancestors;
  }

  @Override
  public String name() {
    return "parents";
  }

  @Override
  public List<Diagnosis> look() throws IOException {
    List<Diagnosis> found = new ArrayList<>();
    for (Flaw flaw : ancestors.audit(prefix)) {
      String mend =
          flaw.kind() == FlawKind.UNTRUSTED_OWNER
              ? "chown root -- " + Shown.word(flaw.path())
              : "chmod go-w -- " + Shown.word(flaw.path());
      found.add(
          Diagnosis.problem(
              this,
              "%s is %s (%s): others can put another directory in the prefix's place"
                  .formatted(Shown.line(flaw.path()), flaw.kind().label(), flaw.detail()),
              mend));
    }
    return found.isEmpty()
        ? List.of(Diagnosis.ok(this, "nobody else can put another directory in its place"))
        : found;
  }
}
