package io.pycached.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pycached.policy.Deletion;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.Surveyor;
import io.pycached.survey.Verdict;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Also of the {@link Atlas} that it asks. */
final class InquiryTest {
  private final SetClock clock = new SetClock();
  private PycacheTree tree;
  private Atlas atlas;
  private Inquiry inquiry;

  @BeforeEach
  void layOut() throws IOException {
    tree = PycacheTree.inMemory(clock);
    List<Territory> territories =
        Territory.of(
            tree.prefix(),
            Reconciling.cold(
                PycacheTree.project("inner", tree.root().resolve("a/inner")),
                tree.project("**/excluded"),
                PycacheTree.project("all", tree.top().resolve("srv"))),
            io.pycached.survey.Voucher.NOBODY);
    atlas = new Atlas(territories);
    Surveyor surveyor = new Surveyor(new SourceHashes(10), BodyCheck.NEVER, clock);
    inquiry =
        new Inquiry(tree.prefix(), atlas, surveyor, Reconciling.SLOWLY, Optional.empty(), clock);
  }

  // Whose a directory is.

  @Test
  void ofSource_nestedProjects_isTheMostSpecific() {
    assertThat(place(tree.root().resolve("a/inner/x"))).isEqualTo("inner: x");
    assertThat(place(tree.root().resolve("a/inner"))).isEqualTo("inner: ");
    assertThat(place(tree.root().resolve("a"))).isEqualTo("shop: a");
    assertThat(place(tree.root())).isEqualTo("shop: ");
    assertThat(place(tree.top().resolve("srv/b"))).isEqualTo("all: b");
  }

  @Test
  void ofSource_outsideAllProjects_isUnclaimed() {
    assertThat(place(tree.top().resolve("srvx/b"))).isEqualTo("unclaimed: top/srvx/b");
    assertThat(place(tree.top())).isEqualTo("unclaimed: top");
    assertThat(place(tree.top().getRoot())).isEqualTo("unclaimed: ");
  }

  /** Left alone by its project: nobody vouches that what is not there is gone. */
  @Test
  void ofSource_excluded_isUnclaimed() {
    assertThat(place(tree.root().resolve("a/excluded/x")))
        .isEqualTo("unclaimed: top/srv/shop/a/excluded/x");
  }

  @Test
  void ofMirror_isThatOfItsSource() {
    for (String directory : List.of("", "a", "a/inner", "a/inner/x", "a/excluded/x", "../b")) {
      Path source = tree.root().resolve(directory).normalize();
      assertThat(atlas.ofMirror(tree.prefix().mirrorOf(source))).isEqualTo(atlas.ofSource(source));
    }
    assertThat(atlas.ofMirror(tree.prefix().path()).territory().name()).isEqualTo("unclaimed");
  }

  private String place(Path directory) {
    Atlas.Place place = atlas.ofSource(directory);
    assertThat(place.pair().directory()).isEqualTo(directory);
    assertThat(place.pair().mirror()).isEqualTo(tree.prefix().mirrorOf(directory));
    return place.territory().name() + ": " + place.relative();
  }

  // What is known of a file.

  @Test
  void about_bytecode_tellsItsVerdictAndPlan() throws IOException {
    Path fresh = tree.fresh("a/inner/x/m.py");
    List<Inquiry.Answer> answers = inquiry.about(fresh);
    assertThat(answers).hasSize(1);
    Inquiry.Answer answer = answers.get(0);
    assertThat(answer.territory().name()).isEqualTo("inner");
    assertThat(answer.pair().mirror()).isEqualTo(fresh.getParent());
    assertThat(answer.file().name()).isEqualTo(fresh.getFileName());
    assertThat(answer.file().verdict()).isEqualTo(Verdict.FRESH);
    assertThat(answer.deletion()).isEmpty();
    assertThat(answer.plan().due()).isEmpty();
  }

  @Test
  void about_orphan_tellsWhenItGoes() throws IOException {
    tree.source("a/other.py", 1);
    Path orphan = tree.orphan("a/m.py");
    assertThat(inquiry.about(orphan).get(0).plan().due())
        .contains(clock.instant().plus(Duration.ofMinutes(10)));
    clock.advance(Duration.ofMinutes(10));
    Inquiry.Answer ripe = inquiry.about(orphan).get(0);
    assertThat(ripe.deletion()).contains(new Deletion(ripe.file(), "source-missing"));
    assertThat(orphan).exists();
  }

  @Test
  void about_source_tellsOfAllItsBytecode() throws IOException {
    Path plain = tree.fresh("a/m.py");
    Path optimized =
        Files.write(plain.resolveSibling("m.cpython-312.opt-2.pyc"), PycacheTree.pyc(1, 2));
    tree.fresh("a/mm.py");
    assertThat(inquiry.about(tree.root().resolve("a/m.py")))
        .extracting(answer -> answer.file().name())
        .containsExactly(optimized.getFileName(), plain.getFileName());
    assertThat(inquiry.about(tree.root().resolve("a/m.py")))
        .extracting(answer -> answer.file().verdict())
        .containsExactly(Verdict.STALE_MTIME, Verdict.FRESH);
  }

  @Test
  void about_sourceWithoutBytecode_isNothing() throws IOException {
    assertThat(inquiry.about(tree.source("a/m.py", 1))).isEmpty();
    assertThat(inquiry.about(tree.root().resolve("no/such.py"))).isEmpty();
  }

  @Test
  void about_outsideAllProjects_makesNoOrphans() throws IOException {
    Path source = tree.top().resolve("opt/m.py");
    Files.createDirectory(source.getParent());
    Path pyc = tree.compile(Files.writeString(source, "1"), 0);
    assertThat(inquiry.about(source).get(0).file().verdict()).isEqualTo(Verdict.FRESH);
    Files.delete(source);
    clock.advance(Duration.ofDays(1));
    Inquiry.Answer answer = inquiry.about(pyc).get(0);
    assertThat(answer.territory().name()).isEqualTo("unclaimed");
    assertThat(answer.file().verdict()).isEqualTo(Verdict.SOURCE_UNREADABLE);
    assertThat(answer.deletion()).isEmpty();
  }

  @Test
  void about_bytecodeThatIsNotThere_isAnError() throws IOException {
    tree.fresh("a/m.py");
    for (Path path :
        List.of(
            tree.bytecode("a/none.py"),
            tree.bytecode("none/m.py"),
            tree.mirror("a"),
            tree.prefix().path(),
            tree.root().getRoot())) {
      assertThatThrownBy(() -> inquiry.about(path)).isInstanceOf(NoSuchFileException.class);
    }
  }
}
