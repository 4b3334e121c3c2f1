package io.pycached.policy;

import io.pycached.layout.CacheFromSource;
import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import io.pycached.layout.Variant;
import io.pycached.pyc.Invalidation;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.State;
import io.pycached.survey.Supply;
import io.pycached.survey.Survey;
import io.pycached.survey.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Which bytecode files of a project are made.
 *
 * <p>Only what the compiler itself would write: files that a tool rewrote (pytest's, typeguard's)
 * and optimization levels that {@code compile()} does not know are left to their writers.
 *
 * @param warmth how much is made
 * @param variants the variants that every source should have under {@link Warmth#ALL}; empty: those
 *     that are seen in the project
 * @param invalidation how the bytecode tells that it is stale; what replaces a hash-based file
 *     stays hash-based, as when importlib replaces it
 */
public record WarmPolicy(Warmth warmth, List<Variant> variants, InvalidationMode invalidation) {
  /** Makes nothing. */
  public static final WarmPolicy NONE =
      new WarmPolicy(Warmth.NONE, List.of(), InvalidationMode.TIMESTAMP);

  public WarmPolicy {
    variants = List.copyOf(variants);
  }

  /** {@return whether a variant that is seen for the first time is wanted of every source} */
  public boolean wantsAllObserved() {
    return warmth == Warmth.ALL && variants.isEmpty();
  }

  /**
   * {@return what is to be made for {@code survey}, by name}
   *
   * @param targets asked for only if something might have to be made
   */
  public List<Build> builds(Survey survey, Supply supply, Supplier<Targets> targets) {
    if (warmth == Warmth.NONE) {
      return List.of();
    }
    Map<Path, Build> builds = new TreeMap<>();
    Map<Path, MirrorFile> there = new TreeMap<>();
    for (MirrorFile file : survey.files()) {
      there.put(file.name(), file);
      rebuild(file)
          .filter(build -> targets.get().compiles().test(build.variant().tag()))
          .ifPresent(build -> builds.put(file.name(), build));
    }
    if (warmth == Warmth.ALL) {
      for (Path source : supply.sources()) {
        for (Variant variant : targets.get().wanted()) {
          Path name = name(source, variant);
          if (!there.containsKey(name)) {
            builds.put(
                name, new Build.Compilation(name, source, variant, "missing", Optional.empty()));
          }
        }
      }
    }
    for (MirrorFile file : supply.adoptable()) {
      MirrorFile old = there.get(file.name());
      if (old == null || isReplaceable(old)) {
        builds.put(
            file.name(),
            new Build.Adoption(
                file, old == null ? "missing" : old.verdict().reason(), Optional.ofNullable(old)));
      }
    }
    return new ArrayList<>(builds.values());
  }

  /** What takes the place of {@code file}, if it has to be replaced and can be. */
  private static Optional<Build.Compilation> rebuild(MirrorFile file) {
    if (!(file.meaning() instanceof MirrorName.Bytecode bytecode)
        || file.source().isEmpty()
        || bytecode.isRewritten()
        || !isCompilable(bytecode.variant())) {
      return Optional.empty();
    }
    boolean replaceable = isReplaceable(file);
    if (!replaceable && !isOlderThanItsSource(file)) {
      return Optional.empty();
    }
    Path source = file.source().get().path().getFileName();
    return Optional.of(
        new Build.Compilation(
            file.name(),
            source,
            bytecode.variant(),
            replaceable ? file.verdict().reason() : "same-second",
            Optional.of(file)));
  }

  private static boolean isReplaceable(MirrorFile file) {
    State state = file.verdict().state();
    return state == State.STALE || state == State.CORRUPT;
  }

  /**
   * Whether the source was changed in the very second that the header names, but after the bytecode
   * was written: the interpreter takes it for fresh when the size is the same, and runs old code
   * (python/cpython#75953).
   */
  private static boolean isOlderThanItsSource(MirrorFile file) {
    if (file.verdict() != Verdict.FRESH
        || file.header().isEmpty()
        || !(file.header().get().invalidation() instanceof Invalidation.Timestamp)) {
      return false;
    }
    Instant source = file.source().orElseThrow().stamp().mtime().toInstant();
    Instant written = file.stamp().mtime().toInstant();
    return written.isBefore(source) && written.getEpochSecond() == source.getEpochSecond();
  }

  private static boolean isCompilable(Variant variant) {
    String level = variant.optimization();
    return level.isEmpty() || level.equals("1") || level.equals("2");
  }

  private static Path name(Path source, Variant variant) {
    return RawPath.toPath(
        source.getFileSystem(), CacheFromSource.name(RawPath.of(source), variant));
  }
}
