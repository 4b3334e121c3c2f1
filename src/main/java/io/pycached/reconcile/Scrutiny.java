package io.pycached.reconcile;

import io.pycached.apply.FlawRemover;
import io.pycached.apply.Outcome;
import io.pycached.audit.Auditor;
import io.pycached.audit.Flaw;
import io.pycached.audit.FlawLedger;
import io.pycached.fs.Directory;
import io.pycached.policy.Build;
import io.pycached.policy.Removal;
import io.pycached.policy.Targets;
import io.pycached.policy.TrustPolicy;
import io.pycached.policy.WarmPolicy;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.Survey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The audit of pairs that are looked at closely.
 *
 * @param remover deletes flawed bytecode; nothing if it is only told of
 * @param ledger takes what stays
 */
public record Scrutiny(Auditor auditor, Optional<FlawRemover> remover, FlawLedger ledger) {

  /**
   * What came of it.
   *
   * @param survey without what was removed
   * @param removed what was
   * @param outcomes of the removals
   */
  record Audited(Survey survey, List<Removal> removed, List<Outcome> outcomes) {

    /** {@return what came of a pair that is not audited} */
    static Audited none(Survey survey) {
      return new Audited(survey, List.of(), List.of());
    }

    /**
     * {@return {@code builds} with what takes the places of what was removed} What can be adopted
     * is not compiled.
     */
    List<Build> rebuilding(List<Build> builds, WarmPolicy warm, Supplier<Targets> targets) {
      if (removed.isEmpty()) {
        return builds;
      }
      Map<Path, Build> all = new TreeMap<>();
      TrustPolicy.builds(removed, warm, targets).forEach(build -> all.put(build.name(), build));
      for (Build build : builds) {
        if (build instanceof Build.Adoption || !all.containsKey(build.name())) {
          all.put(build.name(), build);
        }
      }
      return List.copyOf(all.values());
    }
  }

  /**
   * Audits a pair.
   *
   * @param mirror the pair's, open
   */
  Audited audit(Survey survey, Optional<Directory> mirror, Mode mode) throws IOException {
    Path path = survey.pair().mirror();
    if (mirror.isEmpty()) {
      ledger.put(path, List.of());
      return Audited.none(survey);
    }
    List<Flaw> flaws = auditor.audit(mirror.get(), survey.pair(), survey.files());
    List<Removal> removals =
        remover.isPresent() && mode == Mode.APPLY ? TrustPolicy.removals(survey, flaws) : List.of();
    if (removals.isEmpty()) {
      ledger.put(path, flaws);
      return Audited.none(survey);
    }
    List<Outcome> outcomes = remover.orElseThrow().remove(survey, removals);
    Set<Path> gone = new HashSet<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Deleted) {
        gone.add(outcome.path());
      }
    }
    ledger.put(path, flaws.stream().filter(flaw -> !gone.contains(flaw.path())).toList());
    return new Audited(
        without(survey, gone),
        removals.stream().filter(removal -> gone.contains(removal.flaw().path())).toList(),
        outcomes);
  }

  private static Survey without(Survey survey, Set<Path> gone) {
    List<MirrorFile> rest = new ArrayList<>();
    for (MirrorFile file : survey.files()) {
      if (!gone.contains(survey.pair().mirror().resolve(file.name()))) {
        rest.add(file);
      }
    }
    return new Survey(
        survey.pair(),
        rest,
        survey.mirrorDirectories(),
        survey.listing(),
        survey.listingFingerprint(),
        survey.mirror(),
        survey.sourceProvablyGone(),
        survey.fingerprint());
  }
}
