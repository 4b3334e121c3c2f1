package io.pycached.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MountCheckTest {
  private final FileSystem disk = Jimfs.newFileSystem(Configuration.unix());
  private final Path proc = disk.getPath("/proc");
  private final Path prefix = disk.getPath("/var/my cache/p");

  private MountCheck check(String... lines) throws IOException {
    Files.createDirectories(prefix);
    Files.createDirectories(proc.resolve("self"));
    Files.writeString(proc.resolve("self/mountinfo"), String.join("\n", lines) + "\n");
    return new MountCheck(proc, prefix);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rw,relatime         | rw | OK      | the day of the last use is known",
        "rw                  | rw | OK      | every use is known",
        "rw,noexec,relatime  | rw | OK      | the day of the last use is known",
        "rw,relatime         | rw,lazytime | OK | lost with the power",
        "rw,noatime          | rw | WARNING | reads leave no trace",
        "ro,relatime         | rw | PROBLEM | is read-only",
        "rw,relatime         | ro | PROBLEM | is read-only",
      })
  void look_options_sayWhatTheyMeanForTheClockOfUse(
      String options, String superOptions, Severity severity, String found) throws IOException {
    MountCheck check =
        check("22 1 8:1 / / " + options + " shared:1 - ext4 /dev/root " + superOptions);
    assertThat(check.look().get(0).severity()).isEqualTo(severity);
    assertThat(check.look().get(0).found()).contains(found).contains("/ (ext4)");
  }

  @Test
  void look_severalMounts_takesTheOneThatThePrefixLiesOn() throws IOException {
    MountCheck check =
        check(
            "22 1 8:1 / / rw,relatime - ext4 /dev/root rw",
            "23 22 8:2 / /var rw,relatime - xfs /dev/b rw",
            "24 23 8:3 / /var/my\\040cache rw,noatime - btrfs /dev/c rw",
            "25 23 8:4 / /var/my ro - ext4 /dev/d rw");
    assertThat(check.look())
        .containsExactly(
            Diagnosis.warning(
                check,
                "/var/my cache (btrfs) is mounted noatime: reads leave no trace, so that what is"
                    + " least recently used cannot be told from what was written longest ago",
                "mount -o remount,relatime '/var/my cache'"));
  }

  @Test
  void look_noLine_isUnknown() throws IOException {
    MountCheck check = check("garbage", "1 2 3");
    assertThat(check.look()).extracting(Diagnosis::severity).containsExactly(Severity.UNKNOWN);
  }
}
