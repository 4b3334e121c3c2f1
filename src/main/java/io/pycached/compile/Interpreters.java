package io.pycached.compile;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pycached.layout.CacheTag;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The interpreters of this machine: found, asked who they are, and remembered for as long as their
 * executables stay the same files.
 *
 * <p>Safe for use by any thread. {@link #refresh} does the work, as does whichever question comes
 * first, and holds a lock of its own meanwhile; the answers are of the last refresh.
 */
public final class Interpreters implements AutoCloseable {
  /** The time that an executable has to say who it is. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Executables asked at once. */
  private static final int ASKED_AT_ONCE = 4;

  private static final int MAX_REFUSALS = 100;

  private final Search search;
  private final Trust trust;
  private final Probe probe;
  private final Answers answers;

  /** Of virtual environments, by what was refused. */
  private final Cache<Path, Refusal> refused =
      Caffeine.newBuilder().maximumSize(MAX_REFUSALS).executor(Runnable::run).build();

  /** By tag, what was asked before all of them were. */
  private final Map<CacheTag, Optional<Interpreter>> early = new ConcurrentHashMap<>();

  private final Object refreshing = new Object();
  private volatile @Nullable Snapshot snapshot;

  /**
   * @param interpreters by real executable, in order of preference
   */
  private record Snapshot(Map<Path, Interpreter> interpreters, List<Refusal> refusals) {}

  /** Starts nothing: the first question or {@link #refresh} does. */
  public Interpreters(Search search) {
    this(search, new Answers());
  }

  /**
   * @param answers what is known of earlier times, and takes what is answered now
   */
  public Interpreters(Search search, Answers answers) {
    this(search, answers, PATIENCE);
  }

  Interpreters(Search search, Answers answers, Duration patience) {
    this.search = search;
    this.answers = answers;
    this.trust = new Trust(search.user());
    this.probe = new Probe(patience);
  }

  /** {@return the magic numbers that the known interpreters write} */
  public Set<Integer> magics() {
    return known().stream().map(Interpreter::magic).collect(Collectors.toUnmodifiableSet());
  }

  /** {@return every interpreter, in order of preference: those of the configuration first} */
  public List<Interpreter> known() {
    return List.copyOf(current().interpreters().values());
  }

  /**
   * {@return the interpreter to use for a cache tag: the most preferred one that writes it}
   *
   * <p>As long as nobody has asked for all of them, one is asked first whose name says that it
   * writes the tag: most commands need that one only.
   */
  public Optional<Interpreter> writing(CacheTag tag) {
    if (snapshot == null && search.executables().isEmpty()) {
      Optional<Interpreter> named = named(tag);
      if (named.isPresent()) {
        return named;
      }
    }
    return current().interpreters().values().stream()
        .filter(interpreter -> interpreter.cacheTag().equals(tag))
        .findFirst();
  }

  private Optional<Interpreter> named(CacheTag tag) {
    Optional<Interpreter> known = early.get(tag);
    if (known != null) {
      return known;
    }
    synchronized (refreshing) {
      Optional<Interpreter> found = early.get(tag);
      if (found == null) {
        found = askNamed(tag);
        early.put(tag, found);
      }
      return found;
    }
  }

  private Optional<Interpreter> askNamed(CacheTag tag) {
    for (Candidate candidate : Candidates.of(search).found()) {
      if (!candidate.isNamedAfter(tag)) {
        continue;
      }
      try {
        Optional<Interpreter> answer = find(Answers.Identity.of(candidate)).interpreter();
        if (answer.isPresent() && answer.get().cacheTag().equals(tag)) {
          return answer;
        }
      } catch (IOException unreadable) {
        // The search for all of them says why.
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** {@return the executables that are not used, and the places that cannot be searched} */
  public List<Refusal> refusals() {
    List<Refusal> refusals = new ArrayList<>(current().refusals());
    refused.asMap().values().stream()
        .sorted(Comparator.comparing(Refusal::executable))
        .forEach(refusals::add);
    return refusals;
  }

  /**
   * {@return {@code sys.pycache_prefix} as an ordinary process of an interpreter sees it, in the
   * environment of the {@link Search}: what the variable says, unless the site's own code says
   * otherwise} Asks each time, and runs that code.
   *
   * @throws IOException if it does not answer
   */
  public Optional<Path> pycachePrefix(Interpreter interpreter)
      throws IOException, InterruptedException {
    return probe.pycachePrefix(interpreter.executable(), search.environment());
  }

  /**
   * {@return the interpreter that a virtual environment was made with, known or newly asked; empty
   * if the directory is no virtual environment, or its interpreter is gone or not used}
   *
   * <p>It is the base interpreter, which writes the same bytecode: what is in the environment
   * itself is not run.
   */
  public Optional<Interpreter> ofVirtualEnvironment(Path venv) {
    Snapshot now = current();
    for (Path executable : VirtualEnvironment.executables(venv)) {
      try {
        Path real = executable.toRealPath();
        Interpreter known = now.interpreters().get(real);
        return known != null ? Optional.of(known) : discovered(executable, real);
      } catch (NoSuchFileException absent) {
        // The next one, then.
      } catch (IOException e) {
        refused.put(executable, new Refusal(executable, "cannot be looked at: " + e));
      }
    }
    return Optional.empty();
  }

  private Optional<Interpreter> discovered(Path executable, Path real) throws IOException {
    String objection = trust.objection(real);
    if (objection.isEmpty()) {
      Candidate candidate = new Candidate(real, real);
      try {
        Probe.Finding finding = find(Answers.Identity.of(candidate));
        objection = finding.objection();
        if (objection.isEmpty()) {
          refused.invalidate(executable);
          return finding.interpreter();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
    refused.put(executable, new Refusal(executable, objection));
    return Optional.empty();
  }

  private Snapshot current() {
    Snapshot now = snapshot;
    if (now != null) {
      return now;
    }
    synchronized (refreshing) {
      Snapshot made = snapshot;
      return made != null ? made : renew();
    }
  }

  /**
   * Searches again, and asks whatever is new or has changed, or gave no answer last time. If this
   * thread is interrupted, what was known stays.
   */
  public void refresh() {
    synchronized (refreshing) {
      renew();
    }
  }

  /** Makes the next {@link #refresh} ask an interpreter again though its file is the same. */
  public void forget(Interpreter interpreter) {
    answers.forget(interpreter.executable());
  }

  private Snapshot renew() {
    Candidates candidates = Candidates.of(search);
    List<Refusal> refusals = new ArrayList<>(candidates.refusals());
    List<Answers.Identity> identities = new ArrayList<>();
    for (Candidate candidate : candidates.found()) {
      try {
        identities.add(Answers.Identity.of(candidate));
      } catch (IOException e) {
        refusals.add(new Refusal(candidate.executable(), "cannot be looked at: " + e));
      }
    }
    Map<Path, Interpreter> interpreters = new LinkedHashMap<>();
    try {
      List<Probe.Finding> answers = askAll(identities);
      for (int i = 0; i < answers.size(); i++) {
        Probe.Finding finding = answers.get(i);
        Path executable = identities.get(i).candidate().executable();
        finding
            .interpreter()
            .ifPresentOrElse(
                interpreter -> interpreters.putIfAbsent(finding.real(), interpreter),
                () -> refusals.add(new Refusal(executable, finding.objection())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Snapshot before = snapshot;
      return before != null ? before : new Snapshot(Map.of(), refusals);
    }
    Snapshot made = new Snapshot(interpreters, refusals);
    snapshot = made;
    return made;
  }

  private List<Probe.Finding> askAll(List<Answers.Identity> identities)
      throws InterruptedException {
    ExecutorService threads =
        Executors.newFixedThreadPool(ASKED_AT_ONCE, task -> new Thread(task, "probe"));
    try {
      List<Callable<Probe.Finding>> questions = new ArrayList<>();
      identities.forEach(identity -> questions.add(() -> find(identity)));
      List<Probe.Finding> answers = new ArrayList<>();
      for (Future<Probe.Finding> answer : threads.invokeAll(questions)) {
        answers.add(answer.get());
      }
      return answers;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an interpreter could not be asked", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Probe.Finding find(Answers.Identity identity) throws InterruptedException {
    Optional<Probe.Finding> known = answers.of(identity);
    if (known.isPresent()) {
      return known.get();
    }
    Probe.Finding finding = probe.ask(identity.candidate());
    if (finding.lasting()) {
      answers.put(identity, finding);
    }
    return finding;
  }

  /** Ends what is being asked. */
  @Override
  public void close() {
    probe.close();
  }
}
