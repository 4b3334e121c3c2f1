package io.pycached.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SocketFileTest {
  @TempDir Path directory;

  @Test
  void claim_afterADaemonThatWasKilled_removesWhatItLeft() throws Exception {
    Path path = directory.resolve("admin.sock");
    SocketFile killed = SocketFile.claim(path);
    // Its file stays.
    bind(killed.staged(), 1).close();
    assertThat(killed.staged()).exists();
    SocketFile file = SocketFile.claim(path);
    assertThat(file.staged()).isEqualTo(killed.staged()).doesNotExist();
    // Killed before it was bound.
    SocketFile.claim(path).remove();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void claim_whereAnotherIsAboutToPublish_leavesThatAlone() throws Exception {
    Path path = directory.resolve("admin.sock");
    SocketFile other = SocketFile.claim(path);
    try (ServerSocketChannel server = bind(other.staged(), 1)) {
      SocketFile file = SocketFile.claim(path);
      assertThat(file.staged()).isNotEqualTo(other.staged());
      file.remove();
      assertThat(other.staged()).exists();
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void publish_newSocket_isReachableByItsNameAlone() throws Exception {
    Path path = directory.resolve("admin.sock");
    SocketFile file = SocketFile.claim(path);
    try (ServerSocketChannel server = bind(file.staged(), 1)) {
      assertThat(mode(file.staged().resolveSibling("."))).isEqualTo("rwx------");
      file.publish();
      SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
      assertThat(mode(path)).isEqualTo("rw-rw----");
      assertThat(list()).containsExactly(path);
      file.remove();
      assertThat(list()).isEmpty();
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void claim_missingDirectory_isCreatedForOwnerAndGroup() throws Exception {
    SocketFile file = SocketFile.claim(directory.resolve("run/admin.sock"));
    assertThat(mode(directory.resolve("run"))).isIn("rwxr-x---", "rwx------");
    file.remove();
    assertThat(list()).containsExactly(directory.resolve("run"));
  }

  @Test
  void claim_twoMissingDirectories_isRefused() {
    assertThatThrownBy(() -> SocketFile.claim(directory.resolve("run/pycached/admin.sock")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void claim_staleSocket_isReplaced() throws Exception {
    Path path = directory.resolve("admin.sock");
    bind(path, 1).close();
    assertThat(path).exists();
    SocketFile.claim(path).remove();
    assertThat(list()).isEmpty();
  }

  @Test
  void claim_liveSocket_isRefused() throws Exception {
    Path path = directory.resolve("admin.sock");
    try (ServerSocketChannel live = bind(path, 1)) {
      assertInUse(path);
      assertThat(list()).containsExactly(path);
      assertThat(live.isOpen()).isTrue();
    }
  }

  @Test
  void claim_socketWhoseOwnerHangs_isRefusedAtOnce() throws Exception {
    Path path = directory.resolve("admin.sock");
    try (ServerSocketChannel hanging = bind(path, 1);
        SocketChannel one = waiting(path);
        SocketChannel two = waiting(path)) {
      assertInUse(path);
      assertThat(hanging.isOpen() && one.isOpen() && two.isOpen()).isTrue();
    }
  }

  @Test
  void claim_regularFile_isLeftAlone() throws Exception {
    Path path = Files.writeString(directory.resolve("admin.sock"), "precious");
    assertThatThrownBy(() -> SocketFile.claim(path))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("not a socket");
    assertThat(path).hasContent("precious");
  }

  @Test
  void claim_linkToStaleSocket_isLeftAlone() throws Exception {
    Path target = directory.resolve("other.sock");
    bind(target, 1).close();
    Path path = Files.createSymbolicLink(directory.resolve("admin.sock"), target);
    assertThatThrownBy(() -> SocketFile.claim(path)).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(list()).containsExactlyInAnyOrder(path, target);
  }

  @Test
  void claim_tooLongPath_isRefused() {
    Path path = directory.resolve("x".repeat(120));
    assertThatThrownBy(() -> SocketFile.claim(path))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("at most 107");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void publish_somebodyCameFirst_isRefused() throws Exception {
    Path path = directory.resolve("admin.sock");
    SocketFile file = SocketFile.claim(path);
    try (ServerSocketChannel ours = bind(file.staged(), 1);
        ServerSocketChannel theirs = bind(path, 1)) {
      assertThatThrownBy(file::publish)
          .isInstanceOf(BindException.class)
          .hasMessage(path + " is in use by another process");
      file.remove();
      assertThat(list()).containsExactly(path);
      assertThat(ours.isOpen() && theirs.isOpen()).isTrue();
    }
  }

  @Test
  void remove_fileOfAnother_isLeftAlone() throws Exception {
    Path path = directory.resolve("admin.sock");
    SocketFile file = SocketFile.claim(path);
    try (ServerSocketChannel ours = bind(file.staged(), 1)) {
      file.publish();
      Files.delete(path);
      Files.writeString(path, "another's");
      file.remove();
      assertThat(path).hasContent("another's");
      assertThat(ours.isOpen()).isTrue();
    }
  }

  private static void assertInUse(Path path) {
    assertThatThrownBy(() -> SocketFile.claim(path))
        .isInstanceOf(BindException.class)
        .hasMessage(path + " is in use by another process");
  }

  private static ServerSocketChannel bind(Path path, int backlog) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    return server.bind(UnixDomainSocketAddress.of(path), backlog);
  }

  /** A connection that nobody accepts; may find the backlog full. */
  private static SocketChannel waiting(Path path) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.configureBlocking(false);
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException full) {
      // All the better.
    }
    return channel;
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.toList();
    }
  }
}
