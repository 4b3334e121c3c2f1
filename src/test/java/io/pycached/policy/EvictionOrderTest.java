package io.pycached.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.policy.Candidate.Kind;
import io.pycached.pyc.Invalidation;
import io.pycached.pyc.Magics;
import io.pycached.pyc.PycHeader;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.Verdict;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class EvictionOrderTest {
  private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");
  private static final Duration GRACE = Duration.ofHours(1);
  private static final Duration WRITTEN = Duration.ofDays(40);
  private static final int MAGIC = 3531;

  @ParameterizedTest
  @CsvSource({
    // mount, hours since it was read, kind
    "STRICTATIME, 2, UNUSED",
    "STRICTATIME, 30, UNUSED",
    "RELATIME, 2, PERHAPS_USED",
    "RELATIME, 24, PERHAPS_USED",
    "RELATIME, 26, UNUSED",
    "NOATIME, 2, UNUSED",
  })
  void candidate_fresh_isWhatTheMountsClockSays(UseClock clock, long hours, Kind kind) {
    assertThat(candidate(clock, file(Verdict.FRESH, Duration.ofHours(hours))))
        .map(Candidate::kind)
        .contains(kind);
  }

  @ParameterizedTest
  @EnumSource(names = {"STRICTATIME", "RELATIME"})
  void candidate_readWithinTheGrace_stays(UseClock clock) {
    assertThat(candidate(clock, file(Verdict.FRESH, Duration.ofMinutes(59)))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void candidate_writtenWithinTheGrace_stays(UseClock clock) {
    assertThat(candidate(clock, file(Verdict.FRESH, Duration.ofDays(9), Duration.ofMinutes(59))))
        .isEmpty();
  }

  @Test
  void candidate_mountThatKeepsNoAccessTimes_countsFromTheLastChange() {
    MirrorFile file = file(Verdict.FRESH, Duration.ofHours(2));
    assertThat(candidate(UseClock.NOATIME, file).orElseThrow().used())
        .isEqualTo(NOW.minus(WRITTEN));
    assertThat(candidate(UseClock.STRICTATIME, file).orElseThrow().used())
        .isEqualTo(NOW.minus(Duration.ofHours(2)));
  }

  @Test
  void candidate_neverReadSinceItWasWritten_isCertainlyUnusedOnRelatime() {
    MirrorFile file = file(Verdict.FRESH, Duration.ofDays(50), Duration.ofHours(2));
    assertThat(candidate(UseClock.RELATIME, file)).map(Candidate::kind).contains(Kind.UNUSED);
  }

  @ParameterizedTest
  @CsvSource({
    "TEMPORARY, TEMPORARY",
    "CORRUPT_TRUNCATED_BODY, CORRUPT",
    "CORRUPT_SHORT_HEADER, CORRUPT",
    "ORPHANED, ORPHANED",
    "STALE_MAGIC, UNWRITTEN_MAGIC",
    "STALE_MTIME, UNUSED",
  })
  void candidate_verdict_givesTheKind(Verdict verdict, Kind kind) {
    assertThat(candidate(UseClock.STRICTATIME, file(verdict, Duration.ofHours(2))))
        .map(Candidate::kind)
        .contains(kind);
  }

  @Test
  void candidate_foreign_stays() {
    assertThat(candidate(UseClock.STRICTATIME, file(Verdict.FOREIGN, Duration.ofDays(99))))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"PROJECT_VANISHED", "SOURCE_UNREADABLE", "UNKNOWN_MAGIC"})
  void candidate_unverifiable_goesOnlyWhereNoProjectStandsForIt(Verdict verdict) {
    EvictionOrder order = new EvictionOrder(UseClock.STRICTATIME, Set.of(), GRACE);
    MirrorFile file = file(verdict, Duration.ofHours(2));
    assertThat(order.candidate(file, Path.of("/p/a"), 1, true, NOW)).isEmpty();
    assertThat(order.candidate(file, Path.of("/p/a"), 1, false, NOW)).isPresent();
  }

  @Test
  void candidate_magicThatNobodyHereWrites_goesBeforeOthers() {
    MirrorFile file = file(Verdict.FRESH, Duration.ofHours(2));
    assertThat(kind(Set.of(MAGIC), file)).isEqualTo(Kind.UNUSED);
    assertThat(kind(Set.of(3413), file)).isEqualTo(Kind.UNWRITTEN_MAGIC);
    // Nobody was asked: nothing is known.
    assertThat(kind(Set.of(), file)).isEqualTo(Kind.UNUSED);
  }

  @Test
  void compare_kindThenUseThenPath() {
    Candidate temporary = new Candidate(Kind.TEMPORARY, NOW, Path.of("/z"), 1);
    Candidate old = new Candidate(Kind.UNUSED, NOW.minusSeconds(9), Path.of("/y"), 1);
    Candidate first = new Candidate(Kind.UNUSED, NOW, Path.of("/a"), 1);
    Candidate second = new Candidate(Kind.UNUSED, NOW, Path.of("/b"), 1);
    Candidate perhaps = new Candidate(Kind.PERHAPS_USED, NOW.minusSeconds(99), Path.of("/a"), 1);
    assertThat(List.of(perhaps, second, first, old, temporary).stream().sorted())
        .containsExactly(temporary, old, first, second, perhaps);
  }

  @ParameterizedTest
  @CsvSource({"100, 0", "101, 11", "150, 60"})
  void excess_beyondTheBound_isDownToTheLowWater(long bytes, long excess) {
    Bounds bounds = new Bounds(OptionalLong.of(100), OptionalLong.empty(), Optional.empty(), 0.9);
    assertThat(bounds.excessBytes(bytes)).isEqualTo(excess);
    assertThat(bounds.excessFiles(bytes)).isZero();
  }

  private static Kind kind(Set<Integer> written, MirrorFile file) {
    EvictionOrder order = new EvictionOrder(UseClock.STRICTATIME, written, GRACE);
    return order.candidate(file, Path.of("/p/a"), 1, true, NOW).orElseThrow().kind();
  }

  private static Optional<Candidate> candidate(UseClock clock, MirrorFile file) {
    return new EvictionOrder(clock, Set.of(), GRACE)
        .candidate(file, Path.of("/p/a"), 512, true, NOW);
  }

  private static MirrorFile file(Verdict verdict, Duration sinceRead) {
    return file(verdict, sinceRead, WRITTEN);
  }

  private static MirrorFile file(Verdict verdict, Duration sinceRead, Duration sinceWritten) {
    FileTime mtime = FileTime.from(NOW.minus(sinceWritten));
    return new MirrorFile(
        Path.of("a.cpython-312.pyc"),
        MirrorName.parse("a.cpython-312.pyc"),
        new FileStamp(FileStamp.Kind.REGULAR, "a", 99, mtime),
        mtime,
        NOW.minus(sinceRead),
        verdict,
        Optional.of(
            PycHeader.of(Magics.find(MAGIC).orElseThrow(), new Invalidation.Timestamp(1, 2))),
        Optional.empty(),
        "");
  }
}
