package io.pycached.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Listing;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.State;
import io.pycached.survey.Survey;
import io.pycached.survey.Verdict;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

final class PrunePolicyTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private static final PrunePolicy POLICY =
      new PrunePolicy(Duration.ofMinutes(10), Duration.ofHours(1));
  private static final DirectoryPair PAIR =
      new DirectoryPair(Path.of("/srv/a"), Path.of("/srv/a"), Path.of("/prefix/srv/a"));
  private static final Duration LONG = Duration.ofDays(400);
  private static final Duration NOBODY_WRITES = Duration.ofHours(1);

  @Test
  void plan_ofNothing_isNothing() {
    Survey nothing = survey(Optional.empty(), false);
    assertThat(POLICY.plan(nothing, NOW))
        .isEqualTo(new Plan(nothing, List.of(), false, Optional.empty()));
  }

  /** The age in the table is the first at which the file goes. */
  @ParameterizedTest
  @CsvSource({
    "ORPHANED,               PT10M",
    "TEMPORARY,              PT1H",
    "CORRUPT_TRUNCATED_BODY, PT1M",
    "CORRUPT_MALFORMED_BODY, PT1M",
    "CORRUPT_NOT_CODE,       PT1M",
  })
  void plan_file_waitsForItsAge(Verdict verdict, Duration age) {
    MirrorFile old = file("old", verdict, NOW.minus(age));
    MirrorFile young = file("young", verdict, NOW.minus(age).plusNanos(1));
    Survey survey = survey(mirror(LONG), false, old, young);
    assertThat(POLICY.plan(survey, NOW))
        .isEqualTo(
            new Plan(survey, List.of(Deletion.of(old)), false, Optional.of(NOW.plusNanos(1))));
  }

  @ParameterizedTest
  @EnumSource(
      value = Verdict.class,
      mode = Mode.EXCLUDE,
      names = {
        "ORPHANED",
        "TEMPORARY",
        "CORRUPT_TRUNCATED_BODY",
        "CORRUPT_MALFORMED_BODY",
        "CORRUPT_NOT_CODE"
      })
  void plan_anyOtherVerdict_neverDeletesNorWaits(Verdict verdict) {
    Survey survey = survey(mirror(LONG), true, file("a", verdict, NOW.minus(LONG)));
    assertThat(POLICY.plan(survey, NOW))
        .isEqualTo(new Plan(survey, List.of(), false, Optional.empty()));
  }

  @Test
  void plan_severalWait_isDueWithTheFirst() {
    MirrorFile orphan = file("a", Verdict.ORPHANED, NOW.minus(Duration.ofMinutes(3)));
    MirrorFile torn = file("b", Verdict.CORRUPT_NOT_CODE, NOW.minus(Duration.ofSeconds(50)));
    MirrorFile temporary = file("c", Verdict.TEMPORARY, NOW.minus(Duration.ofMinutes(59)));
    Survey survey = survey(mirror(LONG), false, orphan, torn, temporary);
    assertThat(POLICY.plan(survey, NOW))
        .isEqualTo(new Plan(survey, List.of(), false, Optional.of(NOW.plusSeconds(10))));
  }

  @Test
  void plan_someRipe_deletesThemInOrderAndWaitsForTheRest() {
    MirrorFile first = file("a", Verdict.TEMPORARY, NOW.minus(Duration.ofHours(2)));
    MirrorFile fresh = file("b", Verdict.FRESH, NOW.minus(LONG));
    MirrorFile second = file("c", Verdict.ORPHANED, NOW.minus(Duration.ofMinutes(11)));
    MirrorFile waits = file("d", Verdict.ORPHANED, NOW.minus(Duration.ofMinutes(9)));
    Survey survey = survey(mirror(LONG), true, first, fresh, second, waits);
    assertThat(POLICY.plan(survey, NOW))
        .isEqualTo(
            new Plan(
                survey,
                List.of(Deletion.of(first), Deletion.of(second)),
                false,
                Optional.of(NOW.plusSeconds(60))));
  }

  /** A clock that was set back must not make anything old. */
  @Test
  void plan_fileFromTheFuture_waits() {
    MirrorFile future = file("a", Verdict.ORPHANED, NOW.plus(Duration.ofHours(5)));
    Survey survey = survey(mirror(LONG), false, future);
    assertThat(POLICY.plan(survey, NOW).deletions()).isEmpty();
    assertThat(POLICY.plan(survey, NOW).due())
        .contains(NOW.plus(Duration.ofHours(5)).plus(Duration.ofMinutes(10)));
  }

  // What we began ourselves.

  /** A leading zero is ours: nobody else writes one. */
  @ParameterizedTest
  @CsvSource({
    "m.cpython-312.pyc.0123,  PT0.000000001S, true",
    "m.cpython-312.pyc.0,     PT0.000000001S, true",
    "m.cpython-312.pyc.0123,  PT0S,           false",
    "m.cpython-312.pyc.0123,  PT-1S,          false",
    "m.cpython-312.pyc.123,   PT30M,          false",
    "m.cpython-312.pyc.1230,  PT30M,          false",
  })
  void plan_temporaryFromBeforeTheLock_goesAtOnceIfItIsOurs(
      String name, Duration before, boolean goes) {
    Instant locked = NOW.minusSeconds(60);
    PrunePolicy holder = new PrunePolicy(Duration.ofMinutes(10), Duration.ofHours(1), locked);
    MirrorFile left = named(name, Verdict.TEMPORARY, locked.minus(before));
    Survey survey = survey(mirror(LONG), false, left, file("m", Verdict.FRESH, NOW));
    assertThat(holder.plan(survey, NOW).deletions())
        .isEqualTo(goes ? List.of(Deletion.of(left)) : List.of());
    assertThat(POLICY.plan(survey, NOW).deletions()).isEmpty();
  }

  // The mirror itself.

  @Test
  void plan_emptyMirrorOfSourcesThatAreThere_goesOnceNobodyCanBeWriting() {
    Survey old = survey(mirror(NOBODY_WRITES), false);
    assertThat(POLICY.plan(old, NOW)).isEqualTo(new Plan(old, List.of(), true, Optional.empty()));
  }

  @Test
  void plan_emptyMirrorThatIsYoung_staysAndIsDueWhenItIsOld() {
    Survey young = survey(mirror(NOBODY_WRITES.minusSeconds(17)), false);
    assertThat(POLICY.plan(young, NOW))
        .isEqualTo(new Plan(young, List.of(), false, Optional.of(NOW.plusSeconds(17))));
  }

  /** Python makes the directory first, and gives up quietly if it is not there any more. */
  @Test
  void plan_emptyMirrorWithoutAGrace_staysWhileItMayBeWrittenTo() {
    PrunePolicy hasty = new PrunePolicy(Duration.ZERO, NOBODY_WRITES);
    Survey young = survey(mirror(Duration.ZERO), false);
    assertThat(hasty.plan(young, NOW))
        .isEqualTo(new Plan(young, List.of(), false, Optional.of(NOW.plus(NOBODY_WRITES))));
  }

  @Test
  void plan_youngMirrorWithADirectory_isDueWhenThatHasGone() {
    Survey young = survey(mirror(Duration.ZERO), false, List.of(Path.of("b")));
    assertThat(POLICY.plan(young, NOW))
        .isEqualTo(new Plan(young, List.of(), false, Optional.empty()));
  }

  @Test
  void plan_emptyMirrorOfSourcesThatAreGone_goesAtOnce() {
    Survey gone = survey(mirror(Duration.ZERO), true);
    assertThat(POLICY.plan(gone, NOW)).isEqualTo(new Plan(gone, List.of(), true, Optional.empty()));
  }

  @Test
  void plan_mirrorWhoseFilesAllGo_goesToo() {
    MirrorFile orphan = file("a", Verdict.ORPHANED, NOW.minus(LONG));
    Survey survey = survey(mirror(LONG), false, orphan);
    assertThat(POLICY.plan(survey, NOW))
        .isEqualTo(new Plan(survey, List.of(Deletion.of(orphan)), true, Optional.empty()));
  }

  @Test
  void plan_mirrorWithAFileThatStays_stays() {
    MirrorFile orphan = file("a", Verdict.ORPHANED, NOW.minus(LONG));
    MirrorFile foreign = file("b", Verdict.FOREIGN, NOW.minus(LONG));
    Survey survey = survey(mirror(LONG), true, foreign, orphan);
    assertThat(POLICY.plan(survey, NOW))
        .isEqualTo(new Plan(survey, List.of(Deletion.of(orphan)), false, Optional.empty()));
  }

  @Test
  void reason_ofADeletion_isTheVerdictsOrTemporary() {
    assertThat(Deletion.of(file("a", Verdict.ORPHANED, NOW)).reason()).isEqualTo("source-missing");
    assertThat(Deletion.of(file("a", Verdict.CORRUPT_NOT_CODE, NOW)).reason())
        .isEqualTo("not-code");
    assertThat(Deletion.of(file("a", Verdict.TEMPORARY, NOW)).reason())
        .isEqualTo(State.TEMPORARY.label());
  }

  private static Survey survey(
      Optional<FileStamp> mirror, boolean sourceGone, MirrorFile... files) {
    return survey(mirror, sourceGone, List.of(), files);
  }

  private static Survey survey(
      Optional<FileStamp> mirror,
      boolean sourceGone,
      List<Path> mirrorDirectories,
      MirrorFile... files) {
    return new Survey(
        PAIR,
        List.of(files),
        mirrorDirectories,
        new Listing(5, false, List.of()),
        OptionalLong.of(19),
        mirror,
        sourceGone,
        Optional.empty());
  }

  private static Optional<FileStamp> mirror(Duration age) {
    return Optional.of(
        new FileStamp(FileStamp.Kind.DIRECTORY, "mirror", 4096, FileTime.from(NOW.minus(age))));
  }

  /** The mtime is far older than the last change: only that counts. */
  private static MirrorFile file(String module, Verdict verdict, Instant changed) {
    return named(module + ".cpython-312.pyc", verdict, changed);
  }

  private static MirrorFile named(String name, Verdict verdict, Instant changed) {
    FileTime mtime = FileTime.from(changed.minus(LONG));
    return new MirrorFile(
        Path.of(name),
        MirrorName.parse(name),
        new FileStamp(FileStamp.Kind.REGULAR, name, 99, mtime),
        FileTime.from(changed),
        changed,
        verdict,
        Optional.empty(),
        Optional.empty(),
        "");
  }
}
