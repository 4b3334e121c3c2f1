package io.pycached.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fs.Mounts.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MountsTest {
  @TempDir Path directory;

  @Test
  void of_nestedMounts_isTheDeepest() throws IOException {
    Mounts mounts =
        read(
            "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
            "36 22 98:0 /sub /srv rw,noatime master:1 - xfs /dev/sdb rw",
            "40 36 0:5 / /srv/a\\040b ro,nosuid - tmpfs tmpfs rw");
    assertThat(mounts.of("/srvx")).contains(new Mount("/", Set.of("rw", "relatime"), "ext4"));
    assertThat(mounts.of("/srv/shop")).map(Mount::type).contains("xfs");
    assertThat(mounts.of("/srv/a b/c"))
        .contains(new Mount("/srv/a b", Set.of("ro", "nosuid", "rw"), "tmpfs"));
  }

  @Test
  void of_mountedTwice_isTheLater() throws IOException {
    Mounts mounts =
        read(
            "22 1 8:1 / / rw - ext4 a rw",
            "23 22 8:2 / /srv rw - ext4 b rw",
            "24 22 8:3 / /srv rw - xfs c rw");
    assertThat(mounts.of("/srv")).map(Mount::type).contains("xfs");
  }

  @Test
  void of_noMounts_isNothing() throws IOException {
    assertThat(read("garbage", "1 2 3").of("/srv")).isEmpty();
  }

  @Test
  void read_thisMachine_knowsTheRoot() throws IOException {
    assertThat(Mounts.read(Path.of("/proc/self/mountinfo")).of("/")).isPresent();
  }

  private Mounts read(String... lines) throws IOException {
    return Mounts.read(
        Files.writeString(directory.resolve("mountinfo"), String.join("\n", lines) + "\n"));
  }
}
