package io.pycached.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pycached.fs.Directory;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.RawPath;
import io.pycached.policy.Build;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.MirrorFile;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Supply;
import io.pycached.survey.Survey;
import io.pycached.survey.Surveyor;
import io.pycached.testing.FaultyFileSystem;
import io.pycached.testing.FaultyFileSystem.Operation;
import io.pycached.testing.Interpreter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code Surveyor.supply} offers and the adopter copies; a real interpreter wrote it. */
final class AdopterTest {
  private static final FileTime EDITED = FileTime.from(Instant.parse("2026-03-04T05:06:07.5Z"));
  private static final int NOBODY = 65_534;

  private @TempDir Path top;
  private Path source;
  private Path inTree;
  private Path target;
  private Surveyor surveyor;
  private Adopter adopter;
  private DirectoryPair pair;

  /** A source of a past time, and beside it what Python makes of it. */
  @BeforeEach
  void layOut() throws Exception {
    Path project = Files.createDirectory(top.toRealPath().resolve("src"));
    PycachePrefix prefix = new PycachePrefix(Files.createDirectory(top.toRealPath().resolve("p")));
    source = Files.writeString(project.resolve("m.py"), "x = (1, 'two')\n");
    Files.setLastModifiedTime(source, EDITED);
    compile("");
    inTree = project.resolve("__pycache__/m.cpython-312.pyc");
    pair = new DirectoryPair(project, project, prefix.mirrorOf(project));
    target = pair.mirror().resolve("m.cpython-312.pyc");
    surveyor = new Surveyor(new SourceHashes(9), BodyCheck.ALWAYS, InstantSource.system());
    adopter = new Adopter(surveyor, new PycWriter(prefix, Access.DAEMON));
  }

  private void compile(String more) throws Exception {
    try (Interpreter python = Interpreter.of(Interpreter.require("3.12"))) {
      python.eval(
          "__import__('py_compile').compile(args[0].decode(), doraise=True" + more + ")",
          source.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void adopt_validFile_copiesIt() throws IOException {
    assertThat(adopt())
        .containsExactly(new Outcome.Adopted(target, "missing", Files.size(inTree), ""));
    assertThat(target).hasSameBinaryContentAs(inTree);
    assertThat(inTree).exists();
  }

  @Test
  void adopt_sourceForItsOwnerOnly_isForThemOnly() throws IOException {
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("r--------"));
    assertThat(adopt()).hasSize(1);
    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CHECKED_HASH", "UNCHECKED_HASH"})
  void adopt_hashBased_copiesIt(String mode) throws Exception {
    compile(", invalidation_mode=__import__('py_compile').PycInvalidationMode." + mode);
    assertThat(adopt()).singleElement().isInstanceOf(Outcome.Adopted.class);
    assertThat(target).hasSameBinaryContentAs(inTree);
  }

  @Test
  void supply_stale_isNone() throws IOException {
    Files.setLastModifiedTime(source, FileTime.fromMillis(EDITED.toMillis() + 1_000));
    assertThat(supply().adoptable()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 17, 40})
  void supply_damaged_isNone(int bytes) throws IOException {
    byte[] whole = Files.readAllBytes(inTree);
    Files.write(inTree, java.util.Arrays.copyOf(whole, bytes));
    assertThat(supply().adoptable()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m.cpython-312-pytest-8.3.4.pyc",
        "m.cpython-312.opt-typeguard442.pyc",
        "m.nbi",
        "other.cpython-312.pyc",
        "m.cpython-312.pyc.140234",
        "m.cpython-38.pyc",
      })
  void supply_ofAnotherName_isNone(String name) throws IOException {
    Files.move(inTree, inTree.resolveSibling(name));
    assertThat(supply().adoptable()).isEmpty();
  }

  @Test
  void supply_pycacheIsALink_isNone() throws IOException {
    Path moved = top.resolve("elsewhere");
    Files.move(inTree.getParent(), moved);
    Files.createSymbolicLink(inTree.getParent(), moved);
    assertThat(supply().adoptable()).isEmpty();
  }

  @Test
  void supply_fileIsALink_isNone() throws IOException {
    Path moved = Files.move(inTree, top.resolve("moved"));
    Files.createSymbolicLink(inTree, moved);
    assertThat(supply().adoptable()).isEmpty();
  }

  /** It is compiled instead, so it must not be offered. */
  @Test
  void supply_anyoneMayWriteIt_isNone() throws IOException {
    Files.setPosixFilePermissions(inTree, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(supply().adoptable()).isEmpty();
  }

  @Test
  void supply_ofAnotherOwner_isNoneUnlessThatIsRoot() throws IOException {
    assumeTrue(Files.getAttribute(top, "unix:uid").equals(0), "only root can give files away");
    Files.setAttribute(source, "unix:uid", NOBODY);
    assertThat(supply().adoptable()).hasSize(1);
    Files.setAttribute(source, "unix:uid", 0);
    Files.setAttribute(inTree, "unix:uid", NOBODY);
    assertThat(supply().adoptable()).isEmpty();
    Files.setAttribute(source, "unix:uid", NOBODY);
    assertThat(supply().adoptable()).hasSize(1);
  }

  @Test
  void supply_whatOnlyLooksLikeASource_isLeftOut() throws IOException {
    Files.createDirectory(pair.directory().resolve("package.py"));
    Files.createSymbolicLink(pair.directory().resolve(".#m.py"), Path.of("user@host.1"));
    Files.createSymbolicLink(pair.directory().resolve("linked.py"), source);
    Files.writeString(pair.directory().resolve("window.pyw"), "");
    Path odd = RawPath.toPath(top.getFileSystem(), "\u00ff\n.py");
    Files.writeString(pair.directory().resolve(odd), "");
    assertThat(supply().sources()).containsExactly(Path.of("linked.py"), Path.of("m.py"), odd);
  }

  // What changes between the survey and the copy.

  @Test
  void adopt_rewrittenMeanwhile_skips() throws IOException {
    List<MirrorFile> offered = supply().adoptable();
    Files.setLastModifiedTime(inTree, FileTime.fromMillis(7));
    assertThat(adopt(offered)).containsExactly(new Outcome.Skipped(target, "changed"));
    assertThat(target).doesNotExist();
  }

  @Test
  void adopt_sourceChangedMeanwhile_skips() throws IOException {
    List<MirrorFile> offered = supply().adoptable();
    Files.writeString(source, "y");
    assertThat(adopt(offered)).containsExactly(new Outcome.Skipped(target, "changed"));
    assertThat(target).doesNotExist();
  }

  @Test
  void adopt_goneMeanwhile_skips() throws IOException {
    List<MirrorFile> offered = supply().adoptable();
    Files.delete(inTree);
    assertThat(adopt(offered)).containsExactly(new Outcome.Skipped(target, "vanished"));
  }

  @Test
  void adopt_handedToAnotherMeanwhile_skips() throws IOException {
    List<MirrorFile> offered = supply().adoptable();
    Files.setPosixFilePermissions(inTree, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(adopt(offered))
        .containsExactly(new Outcome.Skipped(target, "written by somebody else than the source"));
    assertThat(target).doesNotExist();
  }

  /** Of the same size, and in the second that the header names: the copy hides it. */
  @Test
  void adopt_sourceEditedInTheSameSecond_skips() throws IOException {
    Files.setLastModifiedTime(inTree, FileTime.fromMillis(EDITED.toMillis() + 100));
    List<MirrorFile> offered = supply().adoptable();
    assertThat(offered).hasSize(1);
    Files.setLastModifiedTime(source, FileTime.fromMillis(EDITED.toMillis() + 200));
    assertThat(adopt(offered)).containsExactly(new Outcome.Skipped(target, "changed"));
    assertThat(target).doesNotExist();
  }

  @Test
  void adopt_sourceEditedWhileItIsCopied_takesTheCopyBack() throws IOException {
    FaultyFileSystem faulty = new FaultyFileSystem(top.getFileSystem());
    DirectoryPair wrapped =
        new DirectoryPair(
            faulty.wrap(pair.directory()), faulty.wrap(pair.visible()), faulty.wrap(pair.mirror()));
    PycachePrefix prefix = new PycachePrefix(faulty.wrap(top.toRealPath().resolve("p")));
    Adopter disturbed = new Adopter(surveyor, new PycWriter(prefix, Access.DAEMON));
    MirrorFile offered = supply(wrapped).adoptable().get(0);
    AtomicBoolean edited = new AtomicBoolean();
    faulty.fault(
        (operation, path) -> {
          if (operation == Operation.CREATE && path.startsWith(pair.mirror())) {
            Files.setLastModifiedTime(source, FileTime.fromMillis(EDITED.toMillis() + 300));
            edited.set(true);
          }
        });
    Outcome outcome =
        disturbed.adopt(
            wrapped,
            SourceSide.ofRoot(wrapped.visible()),
            new Build.Adoption(offered, "missing", Optional.empty()));
    assertThat(edited).isTrue();
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Skipped.class,
            skipped -> assertThat(skipped.reason()).isEqualTo("source changed"));
    assertThat(pair.mirror()).isEmptyDirectory();
  }

  private Supply supply() throws IOException {
    return supply(pair);
  }

  private Supply supply(DirectoryPair of) throws IOException {
    SourceSide side = SourceSide.ofRoot(of.visible());
    Survey survey = surveyor.survey(of, side, Optional.<Directory>empty(), Optional.empty());
    return surveyor.supply(survey, side, true);
  }

  private List<Outcome> adopt() throws IOException {
    return adopt(supply().adoptable());
  }

  private List<Outcome> adopt(List<MirrorFile> files) {
    List<Outcome> outcomes = new ArrayList<>();
    for (MirrorFile file : files) {
      outcomes.add(
          adopter.adopt(
              pair,
              SourceSide.ofRoot(pair.visible()),
              new Build.Adoption(file, "missing", Optional.empty())));
    }
    return outcomes;
  }
}
