package io.pycached.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The small parts that need no kernel. */
final class WatchValuesTest {
  private final Path proc = Jimfs.newFileSystem(Configuration.unix()).getPath("/proc");

  @Test
  void backOff_growsToTheLongest_andStartsAnew() {
    BackOff backOff =
        new BackOff(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(5));
    assertThat(IntStream.range(0, 6).mapToLong(i -> backOff.next().toMillis()))
        .containsExactly(200L, 1_000L, 2_000L, 4_000L, 5_000L, 5_000L);
    backOff.reset();
    assertThat(backOff.next()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void limits_takesTheSmallerOne_andSaysHowToRaiseIt() throws IOException {
    limit("fs/inotify/max_user_watches", "65536\n");
    limit("user/max_inotify_watches", "2147483647\n");
    InotifyLimits limits = new InotifyLimits(proc);
    assertThat(limits.watches()).hasValue(65_536);
    assertThat(limits.watchesExhausted())
        .isEqualTo(
            "inotify watches exhausted: limit 65536 (fs.inotify.max_user_watches);"
                + " raise it: sysctl fs.inotify.max_user_watches=524288");
    limit("fs/inotify/max_user_watches", "524288\n");
    assertThat(limits.watchesExhausted()).endsWith("=1048576");
  }

  @Test
  void limits_unknownOrMalformed_areNotNamed() throws IOException {
    limit("fs/inotify/max_user_watches", "many\n");
    InotifyLimits limits = new InotifyLimits(proc);
    assertThat(limits.watches()).isEqualTo(OptionalLong.empty());
    assertThat(limits.watchesExhausted()).isEqualTo("inotify watches exhausted");
    assertThat(limits.instancesExhausted()).isEqualTo("inotify instances or open files exhausted");
  }

  @Test
  void polling_triesAfterMoreAndMorePolls_andAtOnceWhenALimitChanged() throws IOException {
    Polling polling = new Polling(new InotifyLimits(proc));
    Degradation why = new Degradation(Degradation.Kind.WATCHES, "none left");
    assertThat(polling.pollOrTry()).isFalse();
    assertThat(polling.enter(why)).isTrue();
    assertThat(pollsUntilTry(polling)).isEqualTo(2);
    assertThat(polling.enter(why)).isFalse();
    assertThat(pollsUntilTry(polling)).isEqualTo(4);
    polling.enter(why);
    limit("fs/inotify/max_user_watches", "99\n");
    assertThat(pollsUntilTry(polling)).isEqualTo(1);
    for (int i = 0; i < 9; i++) {
      polling.enter(why);
    }
    assertThat(pollsUntilTry(polling)).isEqualTo(32);
    assertThat(polling.leave()).isTrue();
    assertThat(polling.leave()).isFalse();
  }

  @Test
  void polling_forTheFileSystem_neverTries() {
    Polling polling = new Polling(new InotifyLimits(proc));
    polling.enter(new Degradation(Degradation.Kind.FILE_SYSTEM, "nfs"));
    assertThat(IntStream.range(0, 100).filter(i -> polling.pollOrTry()).count()).isZero();
    assertThat(polling.enter(new Degradation(Degradation.Kind.WATCHES, "none"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs", "nfs4", "cifs", "9p", "fuse.sshfs", "fuse", "virtiofs"})
  void notifies_fileSystemsThatOthersWriteTo_no(String type) {
    assertThat(FileSystemTypes.notifies(type)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "overlay", "tmpfs", "zfs", "fuseblk", ""})
  void notifies_localFileSystems_yes(String type) {
    assertThat(FileSystemTypes.notifies(type)).isTrue();
  }

  @Test
  void rootIdentity_reusedInode_isAnotherDirectory() {
    FileTime monday = FileTime.fromMillis(1_000);
    FileTime tuesday = FileTime.fromMillis(2_000);
    RootIdentity first = new RootIdentity("dev=1,ino=7", Optional.of(monday));
    assertThat(first.isSame(new RootIdentity("dev=1,ino=7", Optional.of(monday)))).isTrue();
    assertThat(first.isSame(new RootIdentity("dev=1,ino=7", Optional.of(tuesday)))).isFalse();
    assertThat(first.isSame(new RootIdentity("dev=1,ino=8", Optional.of(monday)))).isFalse();
    assertThat(first.isSame(new RootIdentity("dev=1,ino=7", Optional.empty()))).isTrue();
  }

  @Test
  void rootIdentity_ofAFile_isRefused() throws IOException {
    Path file = limit("file", "");
    assertThatThrownBy(() -> RootIdentity.of(file))
        .isInstanceOf(NotDirectoryException.class)
        .hasMessage("/proc/sys/file");
  }

  private static int pollsUntilTry(Polling polling) {
    int polls = 1;
    while (!polling.pollOrTry()) {
      polls++;
    }
    return polls;
  }

  private Path limit(String name, String text) throws IOException {
    Path file = proc.resolve("sys").resolve(name);
    Files.createDirectories(file.resolveSibling("x").resolve("..").normalize());
    return Files.writeString(file, text);
  }
}
