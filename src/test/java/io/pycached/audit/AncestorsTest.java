package io.pycached.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real file system: the sticky bit is in no other mode. */
final class AncestorsTest {
  private static final int STRANGER = 4321;

  @TempDir Path directory;
  private Path top;
  private Path prefix;
  private int user;

  @BeforeEach
  void layOut() throws IOException {
    top = directory.toRealPath();
    user = (int) Files.getAttribute(top, "unix:uid");
    prefix = Files.createDirectories(top.resolve("a/p"));
    Files.setAttribute(top.resolve("a"), "unix:mode", 0755);
  }

  private List<Flaw> audit(Path path) throws IOException {
    return new Ancestors(new Trusted(user, Optional.empty())).audit(path);
  }

  @Test
  void audit_usualDirectories_findsNothing() throws IOException {
    assertThat(audit(prefix)).isEmpty();
  }

  @Test
  void audit_prefixThatIsNotThereYet_findsNothing() throws IOException {
    assertThat(audit(prefix.resolve("not/yet"))).isEmpty();
  }

  @Test
  void audit_parentThatEverybodyMayWriteTo_isAFlawUnlessItIsSticky() throws IOException {
    Files.setAttribute(top.resolve("a"), "unix:mode", 0777);
    assertThat(audit(prefix))
        .containsExactly(new Flaw(top.resolve("a"), FlawKind.WORLD_WRITABLE, "mode 0777"));
    Files.setAttribute(top.resolve("a"), "unix:mode", 01777);
    assertThat(audit(prefix)).isEmpty();
  }

  @Test
  void audit_stickyParentWithTheEntryOfAStranger_isAFlaw() throws IOException {
    assumeThat(user).as("needs root").isEqualTo(0);
    Files.setAttribute(top.resolve("a"), "unix:mode", 01777);
    Files.setAttribute(prefix, "unix:uid", STRANGER);
    assertThat(audit(prefix))
        .containsExactly(new Flaw(top.resolve("a"), FlawKind.WORLD_WRITABLE, "mode 1777"));
  }

  @Test
  void audit_parentOfAStranger_isAFlaw() throws IOException {
    assumeThat(user).as("needs root").isEqualTo(0);
    Files.setAttribute(top.resolve("a"), "unix:uid", STRANGER);
    assertThat(audit(prefix))
        .containsExactly(
            new Flaw(top.resolve("a"), FlawKind.UNTRUSTED_OWNER, "owned by user 4321"));
  }

  @Test
  void audit_prefixBehindALink_looksAtBothWays() throws IOException {
    Path open = Files.createDirectories(top.resolve("open/real"));
    Files.setAttribute(top.resolve("open"), "unix:mode", 0777);
    Path link = Files.createSymbolicLink(top.resolve("a/link"), open);
    assertThat(audit(link)).extracting(Flaw::path).containsExactly(top.resolve("open"));
  }
}
