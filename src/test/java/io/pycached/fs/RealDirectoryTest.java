package io.pycached.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real disk, and what only a kernel has. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RealDirectoryTest extends DirectoryContract {
  private @TempDir Path top;

  @Override
  Path top() {
    return top;
  }

  @Test
  void open_ofFifo_isRefusedWithoutWaitingForAWriter() throws Exception {
    Path fifo = top.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    try (Directory directory = Directory.openFollowing(top)) {
      assertThat(directory.stamp(fifo.getFileName()).kind()).isEqualTo(FileStamp.Kind.SPECIAL);
      assertThatThrownBy(() -> directory.open(fifo.getFileName()))
          .isInstanceOf(NotDirectoryException.class);
    }
    assertThatThrownBy(() -> Directory.openFollowing(fifo))
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> Directory.descend(top, fifo.getFileName().resolve("below")))
        .isInstanceOf(NotDirectoryException.class);
  }

  /** To open it does not wait, as it has a writer; to read from it would. */
  @Test
  void read_ofFifoWithASilentWriter_isRefused() throws Exception {
    Path fifo = top.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    try (FileChannel writer =
            FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Directory directory = Directory.openFollowing(top)) {
      assertThat(writer.isOpen()).isTrue();
      assertThatThrownBy(() -> directory.read(fifo.getFileName(), ByteBuffer.allocate(16)))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("not a regular file any more");
      assertThatThrownBy(() -> directory.openFile(fifo.getFileName()))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("not a regular file any more");
    }
  }

  @Test
  void stamp_ofSocketAndDevice_isSpecial() throws IOException {
    Path socket = top.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Directory directory = Directory.openFollowing(top);
        Directory devices = Directory.openFollowing(Path.of("/dev"))) {
      server.bind(UnixDomainSocketAddress.of(socket));
      assertThat(directory.stamp(socket.getFileName()).kind()).isEqualTo(FileStamp.Kind.SPECIAL);
      assertThat(devices.stamp(Path.of("null")).kind()).isEqualTo(FileStamp.Kind.SPECIAL);
    }
  }

  @Test
  void names_thatAreNotUtf8_areOpenedAndDeleted() throws IOException {
    Path name = Path.of("/").relativize(Path.of(URI.create("file:///d%FF%C3%A9%0A")));
    Files.createDirectory(top.resolve(name));
    Files.createFile(top.resolve(name).resolve(name));
    try (Directory directory = Directory.openFollowing(top)) {
      assertThat(directory.names()).containsExactly(name);
      try (Directory child = directory.open(name)) {
        child.delete(name);
      }
      directory.deleteDirectory(name);
    }
    assertThat(top).isEmptyDirectory();
  }

  @Test
  void openAndClose_manyTimes_leavesNoDescriptor() throws IOException {
    Files.createDirectories(top.resolve("a/b"));
    Files.createFile(top.resolve("a/file"));
    long before = descriptors();
    for (int i = 0; i < 50; i++) {
      try (Directory directory = Directory.descend(top, Path.of("a/b"))) {
        assertThat(directory.names()).isEmpty();
      }
      assertThatThrownBy(() -> Directory.descend(top, Path.of("a/file")))
          .isInstanceOf(NotDirectoryException.class);
      assertThatThrownBy(() -> Directory.descend(top, Path.of("a/absent")))
          .isInstanceOf(IOException.class);
    }
    assertThat(descriptors()).isLessThan(before + 25);
  }

  private static long descriptors() throws IOException {
    try (var entries = Files.list(Path.of("/proc/self/fd"))) {
      return entries.count();
    }
  }
}
