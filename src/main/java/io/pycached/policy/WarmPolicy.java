package io.pycached.policy;

import io.pycached.layout.CacheFromSource;
import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import io.pycached.layout.Variant;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.State;
import io.pycached.survey.Supply;
import io.pycached.survey.Survey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
    Supplier<Targets> once = once(targets);
    Map<Path, Build> builds = new TreeMap<>();
    for (MirrorFile file : survey.files()) {
      Optional<Build.Compilation> build = rebuild(file);
      if (build.isPresent() && once.get().compiles().test(build.get().variant().tag())) {
        builds.put(file.name(), build.get());
      }
    }
    if (!supply.sources().isEmpty() || !supply.adoptable().isEmpty()) {
      supply(survey, supply, once, builds);
    }
    return new ArrayList<>(builds.values());
  }

  /** Adds to {@code builds} what can be made of {@code supply}. */
  private void supply(
      Survey survey, Supply supply, Supplier<Targets> targets, Map<Path, Build> builds) {
    Map<Path, MirrorFile> there = new TreeMap<>();
    survey.files().forEach(file -> there.put(file.name(), file));
    Set<Path> inTheWay = new HashSet<>(survey.mirrorDirectories());
    if (warmth == Warmth.ALL && !supply.sources().isEmpty()) {
      Set<Variant> variants = targets.get().makeable();
      for (Path source : supply.sources()) {
        for (Variant variant : variants) {
          Path name = name(source, variant);
          if (!there.containsKey(name) && !inTheWay.contains(name)) {
            builds.put(
                name, new Build.Compilation(name, source, variant, "missing", Optional.empty()));
          }
        }
      }
    }
    for (MirrorFile file : supply.adoptable()) {
      MirrorFile old = there.get(file.name());
      if (isAdoptable(file)
          && !inTheWay.contains(file.name())
          && (old == null || isReplaceable(old))) {
        builds.put(
            file.name(),
            new Build.Adoption(
                file, old == null ? "missing" : old.verdict().reason(), Optional.ofNullable(old)));
      }
    }
  }

  /** A copy is younger than its source in any case, so an original that is not must not be one. */
  private boolean isAdoptable(MirrorFile file) {
    return !file.isOlderThanItsSource()
        && (invalidation == InvalidationMode.TIMESTAMP
            || file.header().stream()
                .anyMatch(header -> InvalidationMode.of(header.invalidation()) == invalidation));
  }

  /** What takes the place of {@code file}, if it has to be replaced and can be. */
  private static Optional<Build.Compilation> rebuild(MirrorFile file) {
    boolean replaceable = isReplaceable(file);
    if (!replaceable && !file.isOlderThanItsSource()) {
      return Optional.empty();
    }
    if (!(file.meaning() instanceof MirrorName.Bytecode bytecode)
        || file.source().isEmpty()
        || bytecode.isRewritten()
        || !Targets.isCompilable(bytecode.variant())) {
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

  private static Supplier<Targets> once(Supplier<Targets> targets) {
    return new Supplier<>() {
      private @Nullable Targets known;

      @Override
      public Targets get() {
        Targets now = known;
        if (now == null) {
          now = targets.get();
          known = now;
        }
        return now;
      }
    };
  }

  private static Path name(Path source, Variant variant) {
    return RawPath.toPath(
        source.getFileSystem(), CacheFromSource.name(RawPath.of(source), variant));
  }
}
