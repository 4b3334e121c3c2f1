package io.pycached.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.audit.Flaw;
import io.pycached.audit.FlawKind;
import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.layout.Variant;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.Listing;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.SourceFile;
import io.pycached.survey.Survey;
import io.pycached.survey.Verdict;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TrustPolicyTest {
  private static final Path MIRROR = Path.of("/p/srv");
  private static final FileTime TIME = FileTime.from(Instant.parse("2026-01-02T03:04:05Z"));
  private static final WarmPolicy OBSERVED =
      new WarmPolicy(Warmth.OBSERVED, List.of(), InvalidationMode.TIMESTAMP);
  private static final Targets ALL = new Targets(tag -> true, Set.of());

  private static MirrorFile file(String name, Verdict verdict) {
    FileStamp stamp = new FileStamp(FileStamp.Kind.REGULAR, name, 9, TIME);
    return new MirrorFile(
        Path.of(name),
        MirrorName.parse(name),
        stamp,
        TIME,
        TIME.toInstant(),
        verdict,
        Optional.empty(),
        Optional.of(new SourceFile(Path.of("/srv"), Path.of("m.py"), stamp)),
        "");
  }

  private static Survey survey(MirrorFile... files) {
    return new Survey(
        new DirectoryPair(Path.of("/srv"), Path.of("/srv"), MIRROR),
        List.of(files),
        List.of(),
        new Listing(0, false, List.of()),
        OptionalLong.empty(),
        Optional.empty(),
        false,
        Optional.empty());
  }

  private static Flaw flaw(String name, FlawKind kind) {
    return new Flaw(MIRROR.resolve(name), kind, "");
  }

  @ParameterizedTest
  @EnumSource(FlawKind.class)
  void removals_freshFileWithAnyFlaw_goesForIt(FlawKind kind) {
    MirrorFile file = file("m.cpython-312.pyc", Verdict.FRESH);
    Flaw flaw = flaw("m.cpython-312.pyc", kind);
    assertThat(TrustPolicy.removals(survey(file), List.of(flaw)))
        .containsExactly(new Removal(file, flaw))
        .extracting(Removal::reason)
        .containsExactly(kind.label());
  }

  @Test
  void removals_severalFlawsOfAFile_namesTheGravest() {
    MirrorFile file = file("m.cpython-312.pyc", Verdict.STALE_MTIME);
    List<Flaw> flaws = new ArrayList<>();
    for (FlawKind kind :
        List.of(FlawKind.HARD_LINK, FlawKind.UNTRUSTED_OWNER, FlawKind.WORLD_WRITABLE)) {
      flaws.add(flaw("m.cpython-312.pyc", kind));
    }
    assertThat(TrustPolicy.removals(survey(file), flaws))
        .extracting(Removal::reason)
        .containsExactly("untrusted-owner");
  }

  @Test
  void removals_flawOfTheDirectoryOrOfAForeignFile_removesNothing() {
    List<Flaw> flaws =
        List.of(new Flaw(MIRROR, FlawKind.WORLD_WRITABLE, ""), flaw("linked", FlawKind.SYMLINK));
    assertThat(
            TrustPolicy.removals(
                survey(file("m.cpython-312.pyc", Verdict.FRESH), file("linked", Verdict.FOREIGN)),
                flaws))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Verdict.class,
      names = {"SOURCE_UNREADABLE", "PROJECT_VANISHED"})
  void removals_ownerWhoMayBeTheSources_stays(Verdict verdict) {
    MirrorFile file = file("m.cpython-312.pyc", verdict);
    assertThat(
            TrustPolicy.removals(
                survey(file), List.of(flaw("m.cpython-312.pyc", FlawKind.UNTRUSTED_OWNER))))
        .isEmpty();
    assertThat(
            TrustPolicy.removals(
                survey(file), List.of(flaw("m.cpython-312.pyc", FlawKind.WORLD_WRITABLE))))
        .hasSize(1);
  }

  @Test
  void builds_removedFile_isCompiledAnewWhateverItsHeaderSaid() {
    MirrorFile file = file("m.cpython-312.opt-1.pyc", Verdict.FRESH);
    Removal removal = new Removal(file, flaw("m.cpython-312.opt-1.pyc", FlawKind.SET_ID));
    assertThat(TrustPolicy.builds(List.of(removal), OBSERVED, () -> ALL))
        .containsExactly(
            new Build.Compilation(
                Path.of("m.cpython-312.opt-1.pyc"),
                Path.of("m.py"),
                Variant.parse("cpython-312.opt-1"),
                "set-id",
                Optional.empty()));
  }

  @Test
  void builds_nothingIsKeptWarm_makesNothing() {
    Removal removal =
        new Removal(
            file("m.cpython-312.pyc", Verdict.FRESH), flaw("m.cpython-312.pyc", FlawKind.SET_ID));
    assertThat(TrustPolicy.builds(List.of(removal), WarmPolicy.NONE, () -> ALL)).isEmpty();
  }

  @Test
  void builds_whatTheCompilerWouldNotWrite_makesNothing() {
    List<Removal> removed = new ArrayList<>();
    for (String name :
        List.of("m.cpython-312-pytest-8.3.4.pyc", "m.cpython-312.opt-typeguard4.pyc")) {
      removed.add(new Removal(file(name, Verdict.FRESH), flaw(name, FlawKind.SET_ID)));
    }
    assertThat(TrustPolicy.builds(removed, OBSERVED, () -> ALL)).isEmpty();
  }

  @Test
  void builds_noInterpreter_makesNothing() {
    Removal removal =
        new Removal(
            file("m.cpython-312.pyc", Verdict.FRESH), flaw("m.cpython-312.pyc", FlawKind.SET_ID));
    Targets none = new Targets(tag -> false, Set.of());
    assertThat(TrustPolicy.builds(List.of(removal), OBSERVED, () -> none)).isEmpty();
  }
}
