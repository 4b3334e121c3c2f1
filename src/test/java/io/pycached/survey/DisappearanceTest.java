package io.pycached.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fs.FileStamp;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DisappearanceTest {
  private static final Duration GRACE = Duration.ofMinutes(10);

  @TempDir Path directory;
  private final SetClock clock = new SetClock();
  private Path there;
  private Path missing;

  @BeforeEach
  void layOut() throws IOException {
    directory = directory.toRealPath();
    there = Files.createDirectory(directory.resolve("there"));
    missing = there.resolve("env");
    Files.createFile(there.resolve("other"));
    mounts("ext4");
  }

  @Test
  void objection_allEvidenceSaysGone_isNone() throws IOException {
    changed(GRACE);
    assertThat(objection(disappearance())).isEmpty();
  }

  @Test
  void objection_directoryIsEmpty_mayBeAnUnmountedDisk() throws IOException {
    Files.delete(there.resolve("other"));
    changed(GRACE);
    assertThat(objection(disappearance()))
        .hasValue(there + " is empty, as an unmounted disk leaves it");
  }

  @Test
  void objection_directoryChangedJustNow_waitsForTheGrace() throws IOException {
    changed(Duration.ofMinutes(1));
    Disappearance disappearance = disappearance();
    assertThat(objection(disappearance)).hasValue(missing + " has not been gone for long");
    clock.advance(Duration.ofMinutes(9));
    // A busy directory changes all the time; what was missed before stays missed.
    changed(Duration.ofMinutes(1));
    assertThat(objection(disappearance)).isPresent();
    clock.advance(Duration.ofMinutes(1));
    assertThat(objection(disappearance)).isEmpty();
  }

  @Test
  void objection_diskOfOthers_saysNothing() throws IOException {
    changed(GRACE);
    mounts("nfs4");
    assertThat(objection(disappearance()))
        .hasValue(there + " is on a file system that others change, nfs4");
    mounts("autofs");
    assertThat(objection(disappearance())).isPresent();
  }

  @Test
  void objection_diskOfFstabIsNotMounted_saysNothing() throws IOException {
    changed(GRACE);
    Files.writeString(
        directory.resolve("fstab"), "# disks\n/dev/sdb  " + missing + "  ext4 defaults 0 2\n");
    assertThat(objection(disappearance())).hasValue("the disk of " + missing + " is not mounted");
  }

  @Test
  void objection_diskOfFstabIsMounted_doesNotMatter() throws IOException {
    changed(GRACE);
    Files.writeString(directory.resolve("fstab"), "/dev/sdb " + there + " ext4 defaults 0 2\n");
    Files.writeString(
        directory.resolve("mountinfo"),
        "1 0 8:1 / / rw - ext4 a rw\n2 1 8:2 / " + there + " rw - ext4 b rw\n");
    assertThat(objection(disappearance())).isEmpty();
  }

  @Test
  void objection_mountsCannotBeRead_saysNothing() throws IOException {
    changed(GRACE);
    Files.delete(directory.resolve("mountinfo"));
    assertThat(objection(disappearance())).isPresent();
  }

  private Disappearance disappearance() {
    return new Disappearance(
        directory.resolve("mountinfo"),
        directory.resolve("fstab"),
        type -> !type.equals("nfs4"),
        GRACE,
        clock);
  }

  private Optional<String> objection(Disappearance disappearance) throws IOException {
    return disappearance.objection(there, FileStamp.of(there), missing);
  }

  private void changed(Duration ago) throws IOException {
    Files.setLastModifiedTime(there, FileTime.from(clock.instant().minus(ago)));
  }

  private void mounts(String type) throws IOException {
    Files.writeString(
        directory.resolve("mountinfo"), "22 1 8:1 / / rw,relatime - " + type + " /dev/sda1 rw\n");
  }
}
