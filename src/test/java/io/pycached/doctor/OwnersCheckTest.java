package io.pycached.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.audit.Trusted;
import io.pycached.layout.PycachePrefix;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.Surveyor;
import io.pycached.testing.PycacheTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real file system, and what it says mends is run. */
final class OwnersCheckTest {
  @TempDir Path top;
  private PycacheTree tree;
  private OwnersCheck check;

  @BeforeEach
  void layOut() throws IOException {
    tree = PycacheTree.in(top.toRealPath());
    Trusted trusted = new Trusted((int) Files.getAttribute(top, "unix:uid"), Optional.empty());
    check =
        new OwnersCheck(
            tree.prefix(),
            new Surveyor(new SourceHashes(10), BodyCheck.NEVER, InstantSource.system()),
            trusted);
    mode(tree.fresh("a.py"), "rw-r--r--");
    mode(tree.fresh("pkg/b.py"), "rw-r--r--");
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private List<Severity> severities() throws IOException {
    return check.look().stream().map(Diagnosis::severity).toList();
  }

  /** Runs what it says, and whatever that leads to. */
  private void mend() throws Exception {
    for (Diagnosis diagnosis : check.look()) {
      Process shell =
          new ProcessBuilder("sh", "-ec", diagnosis.mend().orElse("true"))
              .redirectErrorStream(true)
              .start();
      String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(said).as("what %s says", diagnosis.mend()).isEmpty();
    }
  }

  @Test
  void look_usualPrefix_isFine() throws IOException {
    assertThat(severities()).containsExactly(Severity.OK);
  }

  @Test
  void look_openFilesLinksAndBits_areToldByKindAndMended() throws Exception {
    Path open = tree.fresh("pkg/open.py");
    mode(open, "rw-rw-rw-");
    mode(tree.mirror("pkg"), "rwxrwxrwx");
    Path link = Files.createSymbolicLink(tree.mirror("").resolve("linked"), tree.root());
    Path setId = tree.fresh("c.py");
    Files.setAttribute(setId, "unix:mode", 02644);
    Path two = tree.fresh("d.py");
    Path elsewhere = Files.createLink(tree.top().resolve("elsewhere"), two);
    assertThat(check.look())
        .extracting(Diagnosis::found)
        .satisfiesExactly(
            found -> assertThat(found).startsWith("symlink: 1 in").contains(link.toString()),
            found ->
                assertThat(found)
                    .startsWith("world-writable: 2 in")
                    .contains(tree.mirror("pkg") + " (mode 0777)"),
            found -> assertThat(found).startsWith("set-id: 1 in").contains(setId.toString()),
            found -> assertThat(found).startsWith("hard-link: 1 in").contains(two.toString()));
    mend();
    assertThat(severities()).containsExactly(Severity.OK);
    assertThat(tree.bytecode("pkg/b.py")).exists();
    assertThat(List.of(open, link, setId, two)).noneMatch(Files::exists);
    assertThat(elsewhere).exists();
    assertThat(tree.root().resolve("a.py")).exists();
  }

  @Test
  void look_prefixIsNotThere_isFine() throws IOException {
    OwnersCheck none =
        new OwnersCheck(
            new PycachePrefix(tree.top().resolve("none")),
            new Surveyor(new SourceHashes(10), BodyCheck.NEVER, InstantSource.system()),
            new Trusted(0, Optional.empty()));
    assertThat(none.look()).extracting(Diagnosis::severity).containsExactly(Severity.OK);
  }
}
