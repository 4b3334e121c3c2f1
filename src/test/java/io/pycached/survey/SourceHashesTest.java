package io.pycached.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pycached.fs.FileStamp;
import io.pycached.pyc.Magic;
import io.pycached.pyc.Magics;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a real disk: what reads without an end, hangs. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SourceHashesTest {
  private static final Magic MAGIC = Magics.find(3531).orElseThrow();

  private final SourceHashes hashes = new SourceHashes(10);
  private @TempDir Path top;

  @Test
  void hash_ofAFile_isCpythons() throws Exception {
    Path source = Files.writeString(top.resolve("m.py"), "print(1)\n");
    assertThat(Long.reverseBytes(hashes.hash(MAGIC, source, FileStamp.following(source))))
        .isEqualTo(0xbf71f361a5f8cd69L);
  }

  @Test
  void hash_whereADeviceHasTakenTheName_isRefused() throws Exception {
    Path source = Files.writeString(top.resolve("m.py"), "print(1)\n");
    FileStamp stamp = FileStamp.following(source);
    Files.delete(source);
    Files.createSymbolicLink(source, Path.of("/dev/zero"));
    assertThatThrownBy(() -> hashes.hash(MAGIC, source, stamp))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("changed while it was read");
    Files.delete(source);
  }
}
