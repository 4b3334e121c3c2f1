package io.pycached.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pycached.testing.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a real disk: the lock is the kernel's. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PrefixLockTest {
  private static final String FILE = ".lock";

  private @TempDir Path prefix;

  @Test
  void acquire_heldInThisProcess_saysByWhom() throws IOException {
    PrefixLock lock = PrefixLock.acquire(prefix, FILE, "pycached run, pid 7");
    try {
      assertThatThrownBy(() -> PrefixLock.acquire(prefix, FILE, "another"))
          .isInstanceOfSatisfying(
              PrefixLock.HeldException.class,
              held -> assertThat(held.holder()).isEqualTo("pycached run, pid 7"))
          .hasMessage(prefix + " is in use by pycached run, pid 7");
      assertThat(prefix.resolve(FILE)).hasContent("pycached run, pid 7\n");
    } finally {
      lock.close();
    }
  }

  @Test
  void acquire_afterClose_replacesTheHoldersText() throws IOException {
    PrefixLock.acquire(prefix, FILE, "a holder with a long name").close();
    assertThat(prefix.resolve(FILE)).exists();
    PrefixLock.acquire(prefix, FILE, "short").close();
    assertThat(prefix.resolve(FILE)).hasContent("short\n");
  }

  @Test
  void acquire_heldByAnotherProcessUntilItIsKilled_isRefusedUntilThen() throws Exception {
    Process holder = Jvm.of(List.of(), LockHolder.class, prefix.toString(), FILE, "child").start();
    try (BufferedReader said = holder.inputReader(UTF_8)) {
      assertThat(said.readLine()).isEqualTo("held");
      assertThatThrownBy(() -> PrefixLock.acquire(prefix, FILE, "parent"))
          .isInstanceOfSatisfying(
              PrefixLock.HeldException.class, held -> assertThat(held.holder()).isEqualTo("child"));
    } finally {
      holder.destroyForcibly();
    }
    assertThat(holder.waitFor()).isEqualTo(128 + 9);
    PrefixLock.acquire(prefix, FILE, "parent").close();
    assertThat(prefix.resolve(FILE)).hasContent("parent\n");
  }

  @Test
  void acquire_elsewhereWhileHeldHere_isRefusedThere() throws Exception {
    // A second attempt here must not cost the lock: closing any channel on the file would.
    PrefixLock lock = PrefixLock.acquire(prefix, FILE, "parent");
    try {
      assertThatThrownBy(() -> PrefixLock.acquire(prefix, FILE, "again"))
          .isInstanceOf(PrefixLock.HeldException.class);
      Process other = Jvm.of(List.of(), LockHolder.class, prefix.toString(), FILE, "child").start();
      other.getOutputStream().close();
      String said = new String(other.getInputStream().readAllBytes(), UTF_8);
      assertThat(said).isEqualTo("in use by parent\n");
      assertThat(other.waitFor()).isZero();
    } finally {
      lock.close();
    }
  }

  @Test
  void close_twice_leavesTheNextHolderAlone() throws IOException {
    PrefixLock first = PrefixLock.acquire(prefix, FILE, "first");
    first.close();
    PrefixLock second = PrefixLock.acquire(prefix, FILE, "second");
    try {
      first.close();
      assertThatThrownBy(() -> PrefixLock.acquire(prefix, FILE, "third"))
          .isInstanceOf(PrefixLock.HeldException.class)
          .hasMessageEndingWith("second");
    } finally {
      second.close();
    }
  }

  @Test
  void acquire_byAnotherPathToThePrefix_isRefused() throws IOException {
    Path link = Files.createSymbolicLink(prefix.resolve("link"), prefix);
    PrefixLock lock = PrefixLock.acquire(prefix, FILE, "first");
    try {
      assertThatThrownBy(() -> PrefixLock.acquire(link, FILE, "second"))
          .isInstanceOf(PrefixLock.HeldException.class);
    } finally {
      lock.close();
    }
  }

  @Test
  void acquire_whereALinkIsPlanted_isRefused() throws IOException {
    Files.writeString(prefix.resolve("elsewhere"), "untouched");
    Files.createSymbolicLink(prefix.resolve(FILE), Path.of("elsewhere"));
    assertThatThrownBy(() -> PrefixLock.acquire(prefix, FILE, "parent"))
        .isInstanceOf(IOException.class);
    assertThat(prefix.resolve("elsewhere")).hasContent("untouched");
  }

  @Test
  void holder_whoSaysTooMuch_isCutShort() throws Exception {
    Process holder =
        Jvm.of(List.of(), LockHolder.class, prefix.toString(), FILE, "y".repeat(9_000)).start();
    try (BufferedReader said = holder.inputReader(UTF_8)) {
      assertThat(said.readLine()).isEqualTo("held");
      assertThatThrownBy(() -> PrefixLock.acquire(prefix, FILE, "another"))
          .isInstanceOfSatisfying(
              PrefixLock.HeldException.class,
              held -> assertThat(held.holder()).isEqualTo("y".repeat(4_096)));
    } finally {
      holder.destroyForcibly();
    }
  }
}
