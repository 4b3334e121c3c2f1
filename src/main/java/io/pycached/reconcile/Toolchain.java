package io.pycached.reconcile;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pycached.compile.Interpreter;
import io.pycached.compile.Interpreters;
import io.pycached.layout.CacheTag;
import io.pycached.layout.MirrorName;
import io.pycached.layout.Variant;
import io.pycached.policy.Targets;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.Survey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Which interpreters make the bytecode of which directory: in a virtual environment its own alone,
 * elsewhere whichever writes the cache tag. Safe for use by any thread.
 */
public final class Toolchain {
  /** How many directories are remembered to lie in an environment or not. */
  private static final int MAX_DIRECTORIES = 20_000;

  /** How long a new or changed {@code pyvenv.cfg} may go unseen. */
  private static final Duration REMEMBERED = Duration.ofSeconds(30);

  private final Interpreters interpreters;
  private final Cache<Path, Optional<Path>> environments =
      Caffeine.newBuilder().maximumSize(MAX_DIRECTORIES).expireAfterWrite(REMEMBERED).build();
  private final Map<Territory, Set<Variant>> observed = new ConcurrentHashMap<>();

  public Toolchain(Interpreters interpreters) {
    this.interpreters = interpreters;
  }

  /** {@return the interpreters of this machine; the first to ask waits until they were probed} */
  public Interpreters interpreters() {
    return interpreters;
  }

  /** {@return the interpreter that makes bytecode with the tag {@code tag} in {@code pair}} */
  Optional<Interpreter> writing(DirectoryPair pair, CacheTag tag) {
    Optional<Path> environment = environment(pair.visible());
    return environment.isPresent()
        ? interpreters
            .ofVirtualEnvironment(environment.get())
            .filter(own -> own.cacheTag().equals(tag))
        : interpreters.writing(tag);
  }

  /** {@return what can and should be made in {@code pair}} */
  Targets targets(Territory territory, DirectoryPair pair) {
    Optional<Path> environment = environment(pair.visible());
    Set<Variant> wanted = wanted(territory);
    if (environment.isEmpty()) {
      return new Targets(tag -> interpreters.writing(tag).isPresent(), wanted);
    }
    Optional<Interpreter> own = interpreters.ofVirtualEnvironment(environment.get());
    if (own.isEmpty()) {
      return new Targets(tag -> false, Set.of());
    }
    CacheTag tag = own.get().cacheTag();
    Set<Variant> levels =
        wanted.stream().filter(variant -> variant.tag().equals(tag)).collect(Collectors.toSet());
    return new Targets(tag::equals, levels.isEmpty() ? Set.of(new Variant(tag, "")) : levels);
  }

  /**
   * Takes note of the variants in a mirror.
   *
   * @return whether one of them had not been seen in the territory
   */
  boolean observe(Territory territory, Survey survey) {
    boolean news = false;
    Variant last = null;
    for (MirrorFile file : survey.files()) {
      // Most files of a mirror are of one variant.
      if (file.meaning() instanceof MirrorName.Bytecode bytecode
          && !bytecode.variant().equals(last)
          && !bytecode.isRewritten()) {
        last = bytecode.variant();
        news |=
            observed.computeIfAbsent(territory, first -> ConcurrentHashMap.newKeySet()).add(last);
      }
    }
    return news;
  }

  /** Forgets what was seen in territories other than {@code staying}. */
  void retain(List<Territory> staying) {
    observed.keySet().retainAll(staying);
  }

  /**
   * What every source of a project should have: what is configured, else what is seen, and where
   * nothing was seen yet, what the first CPython of the machine writes; without one, what any
   * interpreter does.
   */
  private Set<Variant> wanted(Territory territory) {
    List<Variant> configured = territory.warm().variants();
    if (!configured.isEmpty()) {
      return Set.copyOf(configured);
    }
    Set<Variant> seen = observed.getOrDefault(territory, Set.of());
    if (!seen.isEmpty()) {
      return Set.copyOf(seen);
    }
    return interpreters.known().stream()
        .min(Comparator.comparing(interpreter -> !interpreter.implementation().equals("cpython")))
        .map(first -> Set.of(new Variant(first.cacheTag(), "")))
        .orElse(Set.of());
  }

  /** The virtual environment that {@code directory} lies in; that may be above its territory. */
  private Optional<Path> environment(Path directory) {
    Optional<Path> known = environments.getIfPresent(directory);
    if (known == null) {
      known = find(directory);
      environments.put(directory, known);
    }
    return known;
  }

  private static Optional<Path> find(Path directory) {
    Path path = directory;
    while (path != null) {
      if (Files.exists(path.resolve("pyvenv.cfg"))) {
        return Optional.of(path);
      }
      path = path.getParent();
    }
    return Optional.empty();
  }
}
