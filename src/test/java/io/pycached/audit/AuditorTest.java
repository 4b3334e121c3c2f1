package io.pycached.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pycached.fs.Directory;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.SourceSide;
import io.pycached.survey.Survey;
import io.pycached.survey.Surveyor;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modes and links on the real file system, owners in memory: only root may give files away. */
final class AuditorTest {
  @TempDir Path top;
  private PycacheTree tree;

  @BeforeEach
  void layOut() throws IOException {
    tree = PycacheTree.in(top.toRealPath());
  }

  private static int number(Path path, String attribute) throws IOException {
    return (int) Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS);
  }

  /** What is found in the mirror of the project's root by a daemon of this user. */
  private List<Flaw> audit() throws IOException {
    return audit(new Trusted(number(tree.root(), "unix:uid"), Optional.empty()));
  }

  private List<Flaw> audit(Trusted trusted) throws IOException {
    DirectoryPair pair = new DirectoryPair(tree.root(), tree.root(), tree.mirror(""));
    Surveyor surveyor = new Surveyor(new SourceHashes(10), BodyCheck.NEVER, InstantSource.system());
    try (Directory mirror = Directory.openFollowing(pair.mirror())) {
      Survey survey =
          surveyor.survey(
              pair, SourceSide.ofRoot(tree.root()), Optional.of(mirror), Optional.empty());
      return new Auditor(trusted).audit(mirror, pair, survey.files());
    }
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  /** Gives a file in memory to somebody, and says which number they have. */
  private static int give(Path path, String name) throws IOException {
    Files.setOwner(
        path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name));
    return number(path, "unix:uid");
  }

  // Modes.

  @Test
  void audit_usualTree_findsNothing() throws IOException {
    mode(tree.fresh("a.py"), "rw-r--r--");
    mode(tree.mirror(""), "rwxr-xr-x");
    tree.orphan("gone.py");
    assertThat(audit()).isEmpty();
  }

  @Test
  void audit_worldWritable_namesDirectoryAndFile() throws IOException {
    Path pyc = tree.fresh("a.py");
    mode(pyc, "rw-rw-rw-");
    mode(tree.mirror(""), "rwxrwxrwx");
    assertThat(audit())
        .containsExactly(
            new Flaw(tree.mirror(""), FlawKind.WORLD_WRITABLE, "mode 0777"),
            new Flaw(pyc, FlawKind.WORLD_WRITABLE, "mode 0666"));
  }

  @Test
  void audit_worldWritableForeignFile_isNobodysConcern() throws IOException {
    tree.fresh("a.py");
    mode(Files.writeString(tree.mirror("").resolve("notes.txt"), "x"), "rw-rw-rw-");
    assertThat(audit()).isEmpty();
  }

  @Test
  void audit_groupWritable_isAFlawUnlessTheGroupIsTrusted() throws IOException {
    assumeThat(number(top, "unix:uid")).as("needs root").isEqualTo(0);
    Path pyc = tree.fresh("a.py");
    Files.setAttribute(pyc, "unix:gid", 4321);
    mode(pyc, "rw-rw-r--");
    assertThat(audit())
        .containsExactly(new Flaw(pyc, FlawKind.GROUP_WRITABLE, "mode 0664, group 4321"));
    TrustedGroup group = new TrustedGroup("dev", 4321, Set.of());
    assertThat(audit(new Trusted(0, Optional.of(group)))).isEmpty();
  }

  @Test
  void audit_setIdBits_areAFlawOfAFileAndNotOfADirectory() throws IOException {
    Path pyc = tree.fresh("a.py");
    Files.setAttribute(pyc, "unix:mode", 04644);
    Files.setAttribute(tree.mirror(""), "unix:mode", 02755);
    assertThat(audit()).containsExactly(new Flaw(pyc, FlawKind.SET_ID, "mode 4644"));
  }

  // Links.

  @Test
  void audit_hardLinkToSomewhereElse_isAFlaw() throws IOException {
    Path pyc = tree.fresh("a.py");
    Files.createLink(tree.top().resolve("elsewhere"), pyc);
    assertThat(audit())
        .containsExactly(
            new Flaw(pyc, FlawKind.HARD_LINK, "2 names, of which 1 in this directory"));
  }

  /** As {@code compileall --hardlink-dupes} leaves it. */
  @Test
  void audit_hardLinkWithinTheMirror_isNone() throws IOException {
    Path pyc = tree.fresh("a.py");
    Files.createLink(pyc.resolveSibling("a.cpython-312.opt-1.pyc"), pyc);
    assertThat(audit()).isEmpty();
  }

  @Test
  void audit_symbolicLinks_areFlawsWhateverTheirNames() throws IOException {
    Path pyc = tree.fresh("a.py");
    Path file = Files.createSymbolicLink(pyc.resolveSibling("b.cpython-312.pyc"), pyc);
    Path directory = Files.createSymbolicLink(pyc.resolveSibling("pkg"), tree.root());
    assertThat(audit())
        .containsExactly(
            new Flaw(file, FlawKind.SYMLINK, "a symbolic link to " + pyc),
            new Flaw(directory, FlawKind.SYMLINK, "a symbolic link to " + tree.root()));
  }

  @Test
  void audit_moreFlawsThanTheBound_tellsThatMany() throws IOException {
    for (int i = 0; i < Auditor.MAX_FLAWS + 5; i++) {
      Files.createDirectories(tree.mirror(""));
      Files.createSymbolicLink(tree.mirror("").resolve("l" + i), tree.root());
    }
    assertThat(audit()).hasSize(Auditor.MAX_FLAWS);
  }

  // Owners.

  @Test
  void audit_fileOfAStranger_isAFlawUnlessTheSourceIsTheirs() throws IOException {
    tree = PycacheTree.inMemory(new SetClock());
    Path pyc = tree.fresh("a.py");
    int daemon = number(tree.root(), "unix:uid");
    int stranger = give(pyc, "stranger");
    assertThat(stranger).isNotEqualTo(daemon);
    assertThat(audit())
        .containsExactly(new Flaw(pyc, FlawKind.UNTRUSTED_OWNER, "owned by user " + stranger));
    give(tree.root().resolve("a.py"), "stranger");
    assertThat(audit()).isEmpty();
  }

  @Test
  void audit_orphanOfAStranger_isAFlaw() throws IOException {
    tree = PycacheTree.inMemory(new SetClock());
    tree.fresh("a.py");
    give(tree.orphan("gone.py"), "stranger");
    assertThat(audit()).extracting(Flaw::kind).containsExactly(FlawKind.UNTRUSTED_OWNER);
  }

  @Test
  void audit_mirrorOfAStranger_isAFlawUnlessTheSourceDirectoryIsTheirs() throws IOException {
    tree = PycacheTree.inMemory(new SetClock());
    tree.fresh("a.py");
    give(tree.mirror(""), "stranger");
    assertThat(audit())
        .extracting(Flaw::path, Flaw::kind)
        .containsExactly(tuple(tree.mirror(""), FlawKind.UNTRUSTED_OWNER));
    give(tree.root(), "stranger");
    assertThat(audit(new Trusted(-2, Optional.empty())))
        .extracting(Flaw::path)
        .doesNotContain(tree.mirror(""));
  }

  @Test
  void audit_fileOfAMemberOfTheTrustedGroup_isNoFlaw() throws IOException {
    tree = PycacheTree.inMemory(new SetClock());
    Path pyc = tree.fresh("a.py");
    int member = give(pyc, "member");
    TrustedGroup group = new TrustedGroup("dev", 4321, Set.of(member));
    int daemon = number(tree.root(), "unix:uid");
    assertThat(audit(new Trusted(daemon, Optional.of(group)))).isEmpty();
  }

  /** Between the survey and the audit another file has taken the name: not what was looked at. */
  @Test
  void auditFile_replacedMeanwhile_saysNothing() throws IOException {
    Path pyc = tree.fresh("a.py");
    DirectoryPair pair = new DirectoryPair(tree.root(), tree.root(), tree.mirror(""));
    Surveyor surveyor = new Surveyor(new SourceHashes(10), BodyCheck.NEVER, InstantSource.system());
    try (Directory mirror = Directory.openFollowing(pair.mirror())) {
      Survey survey =
          surveyor.survey(
              pair, SourceSide.ofRoot(tree.root()), Optional.of(mirror), Optional.empty());
      Path other = Files.copy(pyc, tree.top().resolve("other"));
      mode(other, "rw-rw-rw-");
      Files.move(pyc, tree.top().resolve("kept"));
      Files.move(other, pyc);
      Auditor auditor = new Auditor(new Trusted(number(top, "unix:uid"), Optional.empty()));
      assertThat(auditor.auditFile(pair, survey.files().get(0), survey.files())).isEmpty();
    }
  }
}
