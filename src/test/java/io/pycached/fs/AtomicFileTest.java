package io.pycached.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
  private @TempDir Path top;

  @Test
  void write_toNewFile_leavesItAlone() throws IOException {
    AtomicFile.write(top.resolve("f"), "new".getBytes(UTF_8));
    assertThat(top).isDirectoryContaining(path -> path.endsWith("f"));
    assertThat(top.resolve("f")).hasContent("new");
    assertThat(top.resolve("f.new")).doesNotExist();
  }

  @Test
  void write_overAFile_replacesItWhole() throws IOException {
    Files.writeString(top.resolve("f"), "a much longer old content");
    Object inode = Files.getAttribute(top.resolve("f"), "unix:ino");
    AtomicFile.write(top.resolve("f"), "new".getBytes(UTF_8));
    assertThat(top.resolve("f")).hasContent("new");
    assertThat(Files.getAttribute(top.resolve("f"), "unix:ino")).isNotEqualTo(inode);
  }

  @Test
  void write_afterAKilledWriter_replacesWhatItLeft() throws IOException {
    Files.writeString(top.resolve("f.new"), "half of something that was longer");
    AtomicFile.write(top.resolve("f"), "new".getBytes(UTF_8));
    assertThat(top.resolve("f")).hasContent("new");
    assertThat(top.resolve("f.new")).doesNotExist();
  }

  @Test
  void write_overALink_replacesTheLink() throws IOException {
    Files.writeString(top.resolve("elsewhere"), "untouched");
    Files.createSymbolicLink(top.resolve("f"), Path.of("elsewhere"));
    AtomicFile.write(top.resolve("f"), "new".getBytes(UTF_8));
    assertThat(top.resolve("elsewhere")).hasContent("untouched");
    assertThat(top.resolve("f")).isRegularFile().hasContent("new");
    assertThat(Files.isSymbolicLink(top.resolve("f"))).isFalse();
  }

  @Test
  void write_whereALinkIsPlantedAsNeighbour_doesNotFollowIt() throws IOException {
    Files.writeString(top.resolve("elsewhere"), "untouched");
    Files.createSymbolicLink(top.resolve("f.new"), Path.of("elsewhere"));
    AtomicFile.write(top.resolve("f"), "new".getBytes(UTF_8));
    assertThat(top.resolve("elsewhere")).hasContent("untouched");
    assertThat(top.resolve("f")).isRegularFile().hasContent("new");
    assertThat(top.resolve("f.new")).doesNotExist();
  }

  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void write_whereAFifoIsPlantedAsNeighbour_doesNotWaitForAReader() throws Exception {
    String fifo = top.resolve("f.new").toString();
    assertThat(new ProcessBuilder("mkfifo", fifo).start().waitFor()).isZero();
    AtomicFile.write(top.resolve("f"), "new".getBytes(UTF_8));
    assertThat(top.resolve("f")).isRegularFile().hasContent("new");
  }

  @Test
  void write_intoNoDirectory_saysWhere() {
    assertThatThrownBy(() -> AtomicFile.write(top.resolve("absent/f"), new byte[1]))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("absent");
  }
}
