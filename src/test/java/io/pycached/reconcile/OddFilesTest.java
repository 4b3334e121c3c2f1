package io.pycached.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pycached.apply.Outcome;
import io.pycached.survey.State;
import io.pycached.testing.PycacheTree;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no regular file has the name of bytecode whose source is gone. On a real disk. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OddFilesTest {
  private static final String NAME = "m.cpython-312.pyc";
  private static final int LONGEST_NAME = 255;

  private final ForkJoinPool pool = new ForkJoinPool(2);
  private final InstantSource later =
      InstantSource.offset(InstantSource.system(), Duration.ofHours(3));
  private @TempDir Path directory;
  private PycacheTree tree;
  private Path mirror;

  @BeforeEach
  void layOut() throws IOException {
    tree = PycacheTree.in(directory.toRealPath());
    tree.source("a/kept.py", 3);
    mirror = Files.createDirectories(tree.mirror("a"));
  }

  @AfterEach
  void shutDown() {
    pool.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mkfifo %s", "mknod %s c 1 5", "mknod %s b 7 99", "ln -s /dev/zero %s"})
  void sweep_specialFile_isForeignAndStays(String command) throws Exception {
    Path special = mirror.resolve(NAME);
    String[] words = command.formatted(special).split(" ");
    assumeTrue(new ProcessBuilder(words).start().waitFor() == 0, command + " is not permitted");
    assertStays();
  }

  @Test
  void sweep_socket_isForeignAndStays() throws Exception {
    // The path of a socket must be short, that of this one is not.
    Path bound = Files.createTempDirectory("s").resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(bound));
      Files.createLink(mirror.resolve(NAME), bound);
      assertStays();
    } finally {
      Files.delete(bound);
      Files.delete(Objects.requireNonNull(bound.getParent()));
    }
  }

  private void assertStays() {
    Catalog catalog = new Catalog();
    Heard heard = sweep(catalog);
    assertThat(heard.failed()).isEmpty();
    assertThat(heard.outcomes()).isEmpty();
    assertThat(catalog.totals().of(State.FOREIGN).files()).isEqualTo(1);
    assertThat(Files.exists(mirror.resolve(NAME), java.nio.file.LinkOption.NOFOLLOW_LINKS))
        .isTrue();
  }

  @Test
  void sweep_directoryOfThatName_keepsWhatIsInIt() throws Exception {
    Path note = Files.createDirectory(mirror.resolve(NAME)).resolve("note");
    Files.writeString(note, "!");
    Heard heard = sweep(new Catalog());
    assertThat(heard.outcomes()).isEmpty();
    assertThat(note).hasContent("!");
  }

  /** The link goes; what else has the file's data keeps it. */
  @Test
  void sweep_hardLinkToAFileOutside_deletesTheLinkOnly() throws Exception {
    Path outside = Files.write(tree.top().resolve("outside"), PycacheTree.pyc(1, 2));
    Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rw-r-x--x"));
    FileTime edited = FileTime.fromMillis(1_234_567);
    Files.setLastModifiedTime(outside, edited);
    Files.createLink(mirror.resolve(NAME), outside);
    assertThat(sweep(new Catalog()).outcomes())
        .containsOnly(
            new Outcome.Deleted(
                mirror.resolve(NAME),
                "source-missing",
                PycacheTree.bytecodeBytes(),
                tree.noSource(mirror.resolve(NAME))),
            new Outcome.Removed(mirror));
    assertThat(outside).hasBinaryContent(PycacheTree.pyc(1, 2));
    assertThat(Files.getLastModifiedTime(outside)).isEqualTo(edited);
    assertThat(Files.getPosixFilePermissions(outside))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-x--x"));
    assertThat(Files.getAttribute(outside, "unix:nlink")).isEqualTo(1);
  }

  @Test
  void sweep_longestName_isJudgedAndDeleted() throws Exception {
    String suffix = ".cpython-312.pyc";
    String module = "m".repeat(LONGEST_NAME - suffix.length());
    Path file = Files.write(mirror.resolve(module + suffix), PycacheTree.pyc(1, 2));
    assertThat(sweep(new Catalog()).outcomes())
        .contains(
            new Outcome.Deleted(
                file, "source-missing", PycacheTree.bytecodeBytes(), tree.noSource(file)));
    assertThat(file).doesNotExist();
  }

  private Heard sweep(Catalog catalog) {
    Reconciling shop = Reconciling.of(tree, later, tree.project()).with(Reconciling.AT_ONCE);
    return shop.sweep(catalog, "", Sweep.Reach.FULL, Mode.APPLY, pool);
  }
}
