package io.pycached.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The inputs that showed something new once: still a documented result, and in time. */
final class CorpusTest {
  /** Each takes a millisecond; a machine may be busy. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  static Stream<String> targets() {
    return new TreeSet<>(Target.ALL.keySet()).stream();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void outcome_ofEachInput_isADocumentedOneAndItsOwn(String name) throws Exception {
    Target target = Objects.requireNonNull(Target.ALL.get(name));
    Map<String, Path> outcomes = new TreeMap<>();
    List<Path> corpus = corpus(name);
    for (Path file : corpus) {
      byte[] input = Files.readAllBytes(file);
      assertThat(input).hasSizeLessThanOrEqualTo(Target.MAX_BYTES);
      String outcome =
          assertTimeoutPreemptively(LIMIT, () -> target.outcome(input), file::toString);
      outcomes.put(outcome, file);
    }
    // One file an outcome; where messages have become alike, few.
    assertThat(outcomes).hasSizeGreaterThan(corpus.size() * 9 / 10);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void outcome_ofEachSeed_isADocumentedOne(String name) throws Exception {
    Target target = Objects.requireNonNull(Target.ALL.get(name));
    Set<String> outcomes = new TreeSet<>();
    for (byte[] seed : target.seeds()) {
      outcomes.add(assertTimeoutPreemptively(LIMIT, () -> target.outcome(seed)));
    }
    assertThat(outcomes).hasSizeGreaterThan(2);
  }

  private static List<Path> corpus(String name) throws Exception {
    URL directory = Objects.requireNonNull(CorpusTest.class.getResource(name), name);
    try (Stream<Path> files = Files.list(Path.of(directory.toURI()))) {
      return files.sorted().toList();
    }
  }
}
