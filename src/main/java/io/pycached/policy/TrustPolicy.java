package io.pycached.policy;

import io.pycached.audit.Flaw;
import io.pycached.audit.FlawKind;
import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.Survey;
import io.pycached.survey.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which files of a mirror go because of their flaws, and what takes their places. Pure.
 *
 * <p>It is for a prefix that the daemon alone may write. A file that claims to be bytecode goes
 * whatever its verdict, fresh or not: the header is what a forger gets right. It stays where a
 * source that cannot be seen might show that its owner is the right one.
 */
public final class TrustPolicy {
  private TrustPolicy() {}

  /** {@return what goes, each file once, for its gravest flaw, by name} */
  public static List<Removal> removals(Survey survey, List<Flaw> flaws) {
    if (flaws.isEmpty()) {
      return List.of();
    }
    Map<Path, Flaw> gravest = new HashMap<>();
    for (Flaw flaw : flaws) {
      gravest.merge(flaw.path(), flaw, (a, b) -> a.kind().compareTo(b.kind()) <= 0 ? a : b);
    }
    List<Removal> removals = new ArrayList<>();
    for (MirrorFile file : survey.files()) {
      Flaw flaw = gravest.get(survey.pair().mirror().resolve(file.name()));
      if (flaw != null && isBytecode(file) && !isPerhapsItsOwners(file, flaw)) {
        removals.add(new Removal(file, flaw));
      }
    }
    return removals;
  }

  private static boolean isBytecode(MirrorFile file) {
    return MirrorName.parse(RawPath.of(file.name())) instanceof MirrorName.Bytecode;
  }

  private static boolean isPerhapsItsOwners(MirrorFile file, Flaw flaw) {
    return flaw.kind() == FlawKind.UNTRUSTED_OWNER
        && (file.verdict() == Verdict.SOURCE_UNREADABLE
            || file.verdict() == Verdict.PROJECT_VANISHED);
  }

  /**
   * {@return what is made in the places of {@code removed}} Not as hash-based bytecode because the
   * file was: what an untrusted file says of itself counts for nothing.
   *
   * @param targets asked for only if something might have to be made
   */
  public static List<Build> builds(
      List<Removal> removed, WarmPolicy warm, Supplier<Targets> targets) {
    List<Build> builds = new ArrayList<>();
    if (warm.warmth() == Warmth.NONE) {
      return builds;
    }
    for (Removal removal : removed) {
      MirrorFile file = removal.file();
      if (file.meaning() instanceof MirrorName.Bytecode bytecode
          && file.source().isPresent()
          && !bytecode.isRewritten()
          && Targets.isCompilable(bytecode.variant())
          && targets.get().compiles().test(bytecode.variant().tag())) {
        builds.add(
            new Build.Compilation(
                file.name(),
                file.source().get().name(),
                bytecode.variant(),
                removal.reason(),
                Optional.empty()));
      }
    }
    return builds;
  }
}
