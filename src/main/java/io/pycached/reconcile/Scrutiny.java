package io.pycached.reconcile;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The audit of pairs that are looked at closely. Safe for use by any thread.
 *
 * <p>What it removes is owed to the pair until it is there again: the next survey would not know
 * that there ever was such a file, and what that survey asks for takes the place of what waits.
 */
public final class Scrutiny {
  /** In how many mirrors files may be owed; what is forgotten is left to the interpreters. */
  private static final int MAX_INDEBTED = 10_000;

  /** How long they are: until then an interpreter that did not answer may have been mended. */
  private static final Duration OWED = Duration.ofHours(1);

  private final Auditor auditor;
  private final Optional<FlawRemover> remover;
  private final FlawLedger ledger;
  private final Cache<Path, List<Removal>> owed =
      Caffeine.newBuilder().maximumSize(MAX_INDEBTED).expireAfterWrite(OWED).build();

  /**
   * @param remover deletes flawed bytecode; nothing if it is only told of
   * @param ledger takes what stays
   */
  public Scrutiny(Auditor auditor, Optional<FlawRemover> remover, FlawLedger ledger) {
    this.auditor = auditor;
    this.remover = remover;
    this.ledger = ledger;
  }

  /**
   * What came of it.
   *
   * @param survey without what was removed
   * @param removed what was, now or before, and has not come back since
   * @param outcomes of the removals of now
   */
  record Audited(Survey survey, List<Removal> removed, List<Outcome> outcomes) {

    /** {@return what comes of a pair that is not audited} */
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
      return new Audited(survey, owing(survey, List.of()), List.of());
    }
    List<Flaw> flaws = auditor.audit(mirror.get(), survey.pair(), survey.files());
    List<Removal> removals =
        remover.isPresent() && mode == Mode.APPLY ? TrustPolicy.removals(survey, flaws) : List.of();
    if (removals.isEmpty()) {
      ledger.put(path, flaws);
      return new Audited(survey, owing(survey, List.of()), List.of());
    }
    List<Outcome> outcomes = remover.orElseThrow().remove(survey, removals);
    Set<Path> gone = new HashSet<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Deleted) {
        gone.add(outcome.path());
      }
    }
    ledger.put(path, flaws.stream().filter(flaw -> !gone.contains(flaw.path())).toList());
    Survey rest = without(survey, gone);
    List<Removal> removed =
        removals.stream().filter(removal -> gone.contains(removal.flaw().path())).toList();
    return new Audited(rest, owing(rest, removed), outcomes);
  }

  /** {@return what was removed from {@code mirror} and is not there again} */
  List<Removal> owed(Path mirror) {
    return Objects.requireNonNullElse(owed.getIfPresent(mirror), List.of());
  }

  /** Adds {@code removed} to what is owed to the pair; takes from it what that no longer lacks. */
  private List<Removal> owing(Survey survey, List<Removal> removed) {
    Path mirror = survey.pair().mirror();
    List<Removal> before = owed(mirror);
    if (before.isEmpty() && removed.isEmpty()) {
      return List.of();
    }
    Map<Path, Removal> lacking = new TreeMap<>();
    before.forEach(removal -> lacking.put(removal.file().name(), removal));
    removed.forEach(removal -> lacking.put(removal.file().name(), removal));
    survey.files().forEach(file -> lacking.remove(file.name()));
    lacking.values().removeIf(removal -> hasNoSource(removal.file()));
    List<Removal> now = List.copyOf(lacking.values());
    if (now.isEmpty()) {
      owed.invalidate(mirror);
    } else if (!removed.isEmpty()) {
      owed.put(mirror, now);
    }
    return now;
  }

  private static boolean hasNoSource(MirrorFile file) {
    return file.source().isEmpty() || Files.notExists(file.source().get().path());
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
