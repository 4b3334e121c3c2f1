package io.pycached.apply;

import io.pycached.audit.Auditor;
import io.pycached.audit.Flaw;
import io.pycached.fs.Directory;
import io.pycached.layout.PycachePrefix;
import io.pycached.policy.Removal;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.Survey;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes bytecode that somebody untrusted could have written. Safe for use by any thread; one
 * process at a time, by the prefix's lock.
 *
 * <p>Of a file with several names it takes this one, of a symbolic link the link; it never writes
 * to either.
 */
public final class FlawRemover {
  private final PycachePrefix prefix;
  private final Auditor auditor;

  /**
   * @param auditor audits each file again
   */
  public FlawRemover(PycachePrefix prefix, Auditor auditor) {
    this.prefix = prefix;
    this.auditor = auditor;
  }

  /** {@return what became of each of {@code removals}, in their order} */
  public List<Outcome> remove(Survey survey, List<Removal> removals) {
    List<Outcome> outcomes = new ArrayList<>(removals.size());
    try (Directory mirror = SurveyedMirror.open(prefix, survey)) {
      for (Removal removal : removals) {
        outcomes.add(remove(survey, removal, mirror));
      }
    } catch (NoSuchFileException vanished) {
      outcomes.add(new Outcome.Skipped(survey.pair().mirror(), "vanished"));
    } catch (IOException failed) {
      outcomes.add(new Outcome.Failed(survey.pair().mirror(), failed));
    }
    return outcomes;
  }

  private Outcome remove(Survey survey, Removal removal, Directory mirror) {
    MirrorFile file = removal.file();
    Path path = survey.pair().mirror().resolve(file.name());
    try {
      if (!mirror.stamp(file.name()).equals(file.stamp())) {
        return new Outcome.Skipped(path, "changed");
      }
      List<Flaw> now = auditor.auditFile(survey.pair(), file, survey.files());
      if (now.stream().noneMatch(flaw -> flaw.kind() == removal.flaw().kind())) {
        return new Outcome.Skipped(path, "no longer " + removal.reason());
      }
      mirror.delete(file.name());
      return new Outcome.Deleted(path, removal.reason(), file.bytes(), removal.evidence());
    } catch (NoSuchFileException vanished) {
      return new Outcome.Skipped(path, "vanished");
    } catch (IOException failed) {
      return new Outcome.Failed(path, failed);
    }
  }
}
