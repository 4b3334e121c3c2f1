package io.pycached.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fs.FileStamp;
import io.pycached.layout.CacheTag;
import io.pycached.layout.MirrorName;
import io.pycached.layout.Variant;
import io.pycached.pyc.Invalidation;
import io.pycached.pyc.Magics;
import io.pycached.pyc.PycHeader;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Listing;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.SourceFile;
import io.pycached.survey.State;
import io.pycached.survey.Supply;
import io.pycached.survey.Survey;
import io.pycached.survey.Verdict;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WarmPolicyTest {
  private static final Instant EDITED = Instant.parse("2026-03-04T05:06:07.500Z");
  private static final DirectoryPair PAIR =
      new DirectoryPair(Path.of("/srv/a"), Path.of("/srv/a"), Path.of("/prefix/srv/a"));
  private static final Variant PLAIN = Variant.parse("cpython-312");
  private static final Variant OPTIMIZED = Variant.parse("cpython-312.opt-1");
  private static final String NAME = "m.cpython-312.pyc";
  private static final Invalidation TIMESTAMP = new Invalidation.Timestamp(11, 13);
  private static final Invalidation CHECKED = new Invalidation.Hash(17, true);
  private static final Invalidation UNCHECKED = new Invalidation.Hash(19, false);

  // What is there already.

  @ParameterizedTest
  @EnumSource(Verdict.class)
  void builds_fileWithAVerdict_isMadeAnewIfStaleOrCorruptAndAnythingIsMade(Verdict verdict) {
    MirrorFile file = file(NAME, verdict);
    boolean replaceable = verdict.state() == State.STALE || verdict.state() == State.CORRUPT;
    List<Build> expected =
        replaceable ? List.of(compilation(NAME, "m.py", PLAIN, verdict.reason(), file)) : List.of();
    assertThat(builds(Warmth.NONE, Supply.NONE, file)).isEmpty();
    assertThat(builds(Warmth.OBSERVED, Supply.NONE, file)).isEqualTo(expected);
    assertThat(builds(Warmth.ALL, sources("m.py"), file)).isEqualTo(expected);
  }

  @Test
  void builds_staleFileWithoutAnInterpreter_staysAsItIs() {
    assertThat(
            builds(
                Warmth.ALL,
                Supply.NONE,
                tag -> false,
                Set.of(PLAIN),
                file(NAME, Verdict.STALE_MTIME)))
        .isEmpty();
  }

  @Test
  void builds_staleFileWhoseSourceIsNotKnown_staysAsItIs() {
    MirrorFile known = file(NAME, Verdict.STALE_MAGIC);
    MirrorFile unknown =
        new MirrorFile(
            known.name(),
            known.meaning(),
            known.stamp(),
            known.changed(),
            known.used(),
            known.verdict(),
            known.header(),
            Optional.empty(),
            "");
    assertThat(builds(Warmth.OBSERVED, Supply.NONE, unknown)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m.cpython-312-pytest-8.3.4.pyc",
        "m.cpython-312-pytest-8.3.4.pyo",
        "m.cpython-312.opt-typeguard442.pyc",
        "m.cpython-312.opt-0.pyc",
        "m.cpython-312.opt-3.pyc",
        "m.cpython-312.opt-5.pyc",
        "m.cpython-312.opt-11.pyc",
      })
  void builds_nameThatTheCompilerDoesNotWrite_isLeftToItsWriter(String name) {
    assertThat(builds(Warmth.ALL, Supply.NONE, file(name, Verdict.STALE_MTIME))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "m.cpython-312.pyc,        cpython-312",
    "m.cpython-312.opt-1.pyc,  cpython-312.opt-1",
    "m.cpython-312.opt-2.pyc,  cpython-312.opt-2",
    "m.pypy39.pyc,             pypy39",
  })
  void builds_variantThatTheCompilerWrites_isMadeAnew(String name, String variant) {
    MirrorFile file = file(name, Verdict.STALE_SIZE);
    assertThat(builds(Warmth.OBSERVED, Supply.NONE, file))
        .containsExactly(compilation(name, "m.py", Variant.parse(variant), "size", file));
  }

  // An edit that the interpreter does not see.

  @ParameterizedTest
  @CsvSource({
    "2026-03-04T05:06:07.499Z, true",
    "2026-03-04T05:06:07.000Z, true",
    "2026-03-04T05:06:07.500Z, false",
    "2026-03-04T05:06:07.501Z, false",
    "2026-03-04T05:06:06.999Z, false",
    "2026-03-04T05:06:08.000Z, false",
  })
  void builds_freshFileOlderThanItsSourceInOneSecond_isMadeAnew(Instant written, boolean anew) {
    MirrorFile file = file(NAME, Verdict.FRESH, written, TIMESTAMP);
    List<Build> expected =
        anew ? List.of(compilation(NAME, "m.py", PLAIN, "same-second", file)) : List.of();
    assertThat(builds(Warmth.OBSERVED, Supply.NONE, file)).isEqualTo(expected);
  }

  /** A hash cannot be deceived. */
  @Test
  void builds_freshHashBasedFileOlderThanItsSource_staysAsItIs() {
    MirrorFile file = file(NAME, Verdict.FRESH, EDITED.minusMillis(3), CHECKED);
    assertThat(builds(Warmth.OBSERVED, Supply.NONE, file)).isEmpty();
  }

  // What is missing.

  @Test
  void builds_missing_isMadeUnderAllOnly() {
    assertThat(builds(Warmth.NONE, sources("a.py", "b.py"))).isEmpty();
    assertThat(builds(Warmth.OBSERVED, sources("a.py", "b.py"))).isEmpty();
    assertThat(builds(Warmth.ALL, sources("b.py", "a.b.py")))
        .containsExactly(
            missing("a.b.cpython-312.pyc", "a.b.py", PLAIN),
            missing("b.cpython-312.pyc", "b.py", PLAIN));
  }

  @Test
  void builds_oneOfTwoVariantsMissing_makesThatOne() {
    MirrorFile there = file(NAME, Verdict.FRESH);
    assertThat(builds(Warmth.ALL, sources("m.py"), tag -> true, Set.of(PLAIN, OPTIMIZED), there))
        .containsExactly(missing("m.cpython-312.opt-1.pyc", "m.py", OPTIMIZED));
  }

  /** Whatever has the name is not missing: a link, or a file that nobody can judge. */
  @ParameterizedTest
  @EnumSource(
      value = Verdict.class,
      names = {"FOREIGN", "UNKNOWN_MAGIC", "SOURCE_UNREADABLE"})
  void builds_somethingElseHasTheName_leavesIt(Verdict verdict) {
    assertThat(builds(Warmth.ALL, sources("m.py"), file(NAME, verdict))).isEmpty();
  }

  @Test
  void builds_directoryHasTheName_leavesIt() {
    Survey survey = survey(List.of(Path.of(NAME)));
    Supply supply = new Supply(List.of(Path.of("m.py")), List.of(file(NAME, Verdict.FRESH)));
    assertThat(policy(Warmth.ALL).builds(survey, supply, targets(tag -> true, Set.of(PLAIN))))
        .isEmpty();
  }

  /** Seen in a mirror is also what interpreters left that are gone, and what -OOO wrote. */
  @Test
  void builds_wantedVariantThatCannotBeMade_isNotTried() {
    Predicate<CacheTag> only312 = tag -> tag.name().equals("cpython-312");
    assertThat(
            builds(
                Warmth.ALL,
                sources("m.py"),
                only312,
                Set.of(PLAIN, Variant.parse("cpython-37"), Variant.parse("cpython-312.opt-5"))))
        .containsExactly(missing(NAME, "m.py", PLAIN));
  }

  @Test
  void builds_manySources_asksForTheTargetsOnce() {
    AtomicInteger asked = new AtomicInteger();
    policy(Warmth.ALL)
        .builds(
            survey(List.of(), file("z.cpython-312.pyc", Verdict.STALE_MTIME)),
            sources("a.py", "b.py", "c.py"),
            () -> {
              asked.incrementAndGet();
              return new Targets(tag -> true, Set.of(PLAIN));
            });
    assertThat(asked).hasValue(1);
  }

  @Test
  void builds_nothingToMake_doesNotAskForTheTargets() {
    assertThat(
            policy(Warmth.OBSERVED)
                .builds(
                    survey(List.of(), file(NAME, Verdict.FRESH)),
                    Supply.NONE,
                    () -> {
                      throw new AssertionError("asked");
                    }))
        .isEmpty();
  }

  // What lies beside the sources.

  @ParameterizedTest
  @EnumSource(Warmth.class)
  void builds_adoptable_isPreferredToCompilingIt(Warmth warmth) {
    MirrorFile inTree = file(NAME, Verdict.FRESH);
    Supply supply = new Supply(List.of(Path.of("m.py")), List.of(inTree));
    List<Build> expected =
        warmth == Warmth.NONE
            ? List.of()
            : List.of(new Build.Adoption(inTree, "missing", Optional.empty()));
    assertThat(builds(warmth, supply)).isEqualTo(expected);
  }

  @Test
  void builds_adoptable_replacesWhatIsStale() {
    MirrorFile stale = file(NAME, Verdict.STALE_MTIME);
    MirrorFile inTree = file(NAME, Verdict.FRESH);
    assertThat(builds(Warmth.OBSERVED, new Supply(List.of(), List.of(inTree)), stale))
        .containsExactly(new Build.Adoption(inTree, "mtime", Optional.of(stale)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Verdict.class,
      names = {"FRESH", "FOREIGN", "UNKNOWN_MAGIC", "ORPHANED"})
  void builds_adoptable_leavesWhatIsNotToBeReplaced(Verdict verdict) {
    Supply supply = new Supply(List.of(), List.of(file(NAME, Verdict.FRESH)));
    assertThat(builds(Warmth.ALL, supply, file(NAME, verdict))).isEmpty();
  }

  /** A copy would be younger than the source: nobody could tell any more. */
  @Test
  void builds_adoptableOlderThanItsSourceInOneSecond_isCompiled() {
    MirrorFile inTree = file(NAME, Verdict.FRESH, EDITED.minusMillis(200), TIMESTAMP);
    Supply supply = new Supply(List.of(Path.of("m.py")), List.of(inTree));
    assertThat(builds(Warmth.OBSERVED, supply)).isEmpty();
    assertThat(builds(Warmth.ALL, supply)).containsExactly(missing(NAME, "m.py", PLAIN));
  }

  /** What is configured to be checked by its hash must not come with a time stamp. */
  @ParameterizedTest
  @CsvSource({
    "TIMESTAMP,      TIMESTAMP,      true",
    "TIMESTAMP,      CHECKED_HASH,   true",
    "CHECKED_HASH,   CHECKED_HASH,   true",
    "CHECKED_HASH,   TIMESTAMP,      false",
    "CHECKED_HASH,   UNCHECKED_HASH, false",
    "UNCHECKED_HASH, UNCHECKED_HASH, true",
    "UNCHECKED_HASH, TIMESTAMP,      false",
  })
  void builds_adoptableOfAnotherMode_isAdoptedWhereAnyModeIs(
      InvalidationMode configured, InvalidationMode found, boolean adopted) {
    Invalidation invalidation =
        switch (found) {
          case TIMESTAMP -> TIMESTAMP;
          case CHECKED_HASH -> CHECKED;
          case UNCHECKED_HASH -> UNCHECKED;
        };
    MirrorFile inTree = file(NAME, Verdict.FRESH, EDITED.plusSeconds(5), invalidation);
    WarmPolicy policy = new WarmPolicy(Warmth.OBSERVED, List.of(), configured);
    List<Build> builds =
        policy.builds(
            survey(List.of()),
            new Supply(List.of(), List.of(inTree)),
            targets(tag -> true, Set.of()));
    assertThat(builds)
        .isEqualTo(
            adopted ? List.of(new Build.Adoption(inTree, "missing", Optional.empty())) : List.of());
  }

  @ParameterizedTest
  @CsvSource({"ALL, '', true", "ALL, cpython-312, false", "OBSERVED, '', false", "NONE, '', false"})
  void wantsAllObserved_isAllWithoutVariants(Warmth warmth, String variant, boolean expected) {
    List<Variant> variants = variant.isEmpty() ? List.of() : List.of(Variant.parse(variant));
    assertThat(new WarmPolicy(warmth, variants, InvalidationMode.TIMESTAMP).wantsAllObserved())
        .isEqualTo(expected);
  }

  private static WarmPolicy policy(Warmth warmth) {
    return new WarmPolicy(warmth, List.of(), InvalidationMode.TIMESTAMP);
  }

  private static List<Build> builds(Warmth warmth, Supply supply, MirrorFile... files) {
    return builds(warmth, supply, tag -> true, Set.of(PLAIN), files);
  }

  private static List<Build> builds(
      Warmth warmth,
      Supply supply,
      Predicate<CacheTag> compiles,
      Set<Variant> wanted,
      MirrorFile... files) {
    return policy(warmth).builds(survey(List.of(), files), supply, targets(compiles, wanted));
  }

  private static java.util.function.Supplier<Targets> targets(
      Predicate<CacheTag> compiles, Set<Variant> wanted) {
    return () -> new Targets(compiles, wanted);
  }

  private static Supply sources(String... names) {
    return new Supply(List.of(names).stream().map(Path::of).toList(), List.of());
  }

  private static Build compilation(
      String name, String source, Variant variant, String reason, MirrorFile replaced) {
    return new Build.Compilation(
        Path.of(name), Path.of(source), variant, reason, Optional.of(replaced));
  }

  private static Build missing(String name, String source, Variant variant) {
    return new Build.Compilation(
        Path.of(name), Path.of(source), variant, "missing", Optional.empty());
  }

  private static Survey survey(List<Path> directories, MirrorFile... files) {
    return new Survey(
        PAIR,
        List.of(files),
        directories,
        new Listing(3, false, List.of()),
        OptionalLong.empty(),
        Optional.empty(),
        false,
        Optional.empty());
  }

  /** A file that was written well after its source. */
  private static MirrorFile file(String name, Verdict verdict) {
    return file(name, verdict, EDITED.plusSeconds(5), TIMESTAMP);
  }

  private static MirrorFile file(
      String name, Verdict verdict, Instant written, Invalidation invalidation) {
    FileTime mtime = FileTime.from(written);
    SourceFile source =
        new SourceFile(
            PAIR.directory(),
            Path.of("m.py"),
            new FileStamp(FileStamp.Kind.REGULAR, "source", 7, FileTime.from(EDITED)));
    return new MirrorFile(
        Path.of(name),
        MirrorName.parse(name),
        new FileStamp(FileStamp.Kind.REGULAR, name, 99, mtime),
        mtime,
        mtime.toInstant(),
        verdict,
        Optional.of(PycHeader.of(Magics.find(3531).orElseThrow(), invalidation)),
        Optional.of(source),
        "");
  }
}
