package io.pycached.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pycached.policy.Build;
import io.pycached.testing.FaultyFileSystem;
import io.pycached.testing.FaultyFileSystem.Operation;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real workers: what is made, in which order, and what is heard of it. */
final class BuildQueueTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private @TempDir Path directory;

  @Test
  void offer_oneFile_isMadeAndTold() throws Exception {
    try (Bench bench = new Bench(directory, true)) {
      Territory shop = bench.territories("shop").get(0);
      bench.source("shop", "m.py", "x = 1\n");
      bench.queue().start(1, bench);
      bench.offer(shop);
      drain(bench, shop);
      assertThat(bench.heard()).containsExactly("Compiled m.cpython-312.pyc", "finished shop");
      assertThat(bench.missing(shop)).isEmpty();
      assertThat(bench.queue().pending()).isZero();
    }
  }

  /** An open directory would hold up the unmounting of the prefix. */
  @Test
  void offer_allIsMade_leavesNothingOpen() throws Exception {
    FaultyFileSystem counting = new FaultyFileSystem(directory.getFileSystem());
    Path prefix = counting.wrap(directory.toRealPath().resolve("p"));
    try (Bench bench = new Bench(directory, prefix, true)) {
      Territory shop = bench.territories("shop").get(0);
      bench.source("shop", "m.py", "x = 1\n");
      bench.source("shop", "n.py", "y = 1\n");
      bench.queue().start(2, bench);
      bench.offer(shop);
      drain(bench, shop);
      assertThat(bench.missing(shop)).isEmpty();
      assertThat(counting.open()).isZero();
    }
  }

  /** A storm in one territory, then a single file in another: that one does not wait. */
  @Test
  void offer_stormAndSingleFile_takesTurns() throws Exception {
    try (Bench bench = new Bench(directory, true)) {
      List<Territory> both = bench.territories("storm", "calm");
      for (int i = 0; i < 500; i++) {
        bench.source("storm", "m" + i + ".py", "x = " + i + "\n");
      }
      bench.source("calm", "single.py", "y = 2\n");
      bench.shut();
      // One thread: of two, the one with the single file may not run for a while.
      bench.queue().start(1, bench);
      bench.offer(both.get(0));
      bench.offer(both.get(1));
      assertThat(bench.queue().pending()).isEqualTo(501);
      bench.open();
      drain(bench, both.get(0));
      List<String> heard = bench.heard();
      assertThat(heard).hasSize(503);
      assertThat(heard.indexOf("finished calm")).isLessThan(10);
    }
  }

  @Test
  void offer_doesNotCompile_isRememberedUntilItChanges() throws Exception {
    try (Bench bench = new Bench(directory, true)) {
      Territory shop = bench.territories("shop").get(0);
      bench.source("shop", "m.py", "x = (\n");
      bench.queue().start(1, bench);
      for (int i = 0; i < 2; i++) {
        bench.offer(shop);
        drain(bench, shop);
      }
      // Nothing has changed, so there is nothing to look at once more.
      assertThat(bench.heard()).containsExactly("Refused m.py", "Refused m.py: again");
      bench.source("shop", "m.py", "x = 1 \n");
      bench.offer(shop);
      drain(bench, shop);
      assertThat(bench.heard().subList(2, 4))
          .containsExactly("Compiled m.cpython-312.pyc", "finished shop");
    }
  }

  @Test
  void offer_sourceChangesWhileItIsCompiled_isThrownAway() throws Exception {
    try (Bench bench = new Bench(directory, true)) {
      Territory shop = bench.territories("shop").get(0);
      Path source = bench.source("shop", "m.py", "x = 1\n");
      bench.shut();
      bench.queue().start(1, bench);
      bench.offer(shop);
      await().until(() -> workers() > 0);
      // Of the same size, in the same second.
      Files.writeString(source, "x = 2\n");
      Files.setLastModifiedTime(source, FileTime.from(Bench.EDITED.plusMillis(20)));
      bench.open();
      drain(bench, shop);
      assertThat(bench.heard())
          .containsExactly("Skipped m.cpython-312.pyc: source changed", "finished shop");
      assertThat(bench.missing(shop)).hasSize(1);
    }
  }

  /** After the last look at the source, and before the bytecode has its name. */
  @Test
  void offer_sourceChangesWhileItIsWritten_isTakenBack() throws Exception {
    FaultyFileSystem faulty = new FaultyFileSystem(directory.getFileSystem());
    Path prefix = faulty.wrap(directory.toRealPath().resolve("p"));
    try (Bench bench = new Bench(directory, prefix, true)) {
      Territory shop = bench.territories("shop").get(0);
      Path source = bench.source("shop", "m.py", "x = 1\n");
      bench.queue().start(1, bench);
      List<Build> builds = bench.missing(shop);
      AtomicBoolean edited = new AtomicBoolean();
      faulty.fault(
          (operation, path) -> {
            if (operation == Operation.CREATE && edited.compareAndSet(false, true)) {
              Files.writeString(source, "x = 2\n");
              Files.setLastModifiedTime(source, FileTime.from(Bench.EDITED.plusMillis(20)));
            }
          });
      bench.offer(shop, builds);
      drain(bench, shop);
      assertThat(edited).isTrue();
      assertThat(bench.heard())
          .containsExactly("Skipped m.cpython-312.pyc: source changed", "finished shop");
      assertThat(bench.missing(shop)).hasSize(1);
    }
  }

  /** Damage may be deleted before its turn comes; under OBSERVED nobody would miss it. */
  @Test
  void offer_replacedFileIsGoneByThen_isMadeAllTheSame() throws Exception {
    try (Bench bench = new Bench(directory, true)) {
      Territory shop = bench.territories("shop").get(0);
      Path source = bench.source("shop", "m.py", "x = 1\n");
      bench.queue().start(1, bench);
      bench.offer(shop);
      drain(bench, shop);
      Files.setLastModifiedTime(source, FileTime.fromMillis(1_000));
      List<Build> builds = bench.missing(shop);
      assertThat(builds).singleElement().extracting(Build::reason).isEqualTo("mtime");
      Files.delete(bytecode(shop));
      bench.offer(shop, builds);
      drain(bench, shop);
      assertThat(bench.missing(shop)).isEmpty();
    }
  }

  @Test
  void offer_replacedFileIsAnotherByThen_isSkipped() throws Exception {
    try (Bench bench = new Bench(directory, true)) {
      Territory shop = bench.territories("shop").get(0);
      bench.source("shop", "m.py", "x = 1\n");
      List<Build> builds = bench.missing(shop);
      Files.createDirectories(bytecode(shop).getParent());
      Files.writeString(bytecode(shop), "another's");
      bench.queue().start(1, bench);
      bench.offer(shop, builds);
      drain(bench, shop);
      assertThat(bench.heard())
          .containsExactly("Skipped m.cpython-312.pyc: changed", "unfinished shop");
      assertThat(bytecode(shop)).hasContent("another's");
    }
  }

  // Offers that take each other's place.

  /** Nobody works yet, and the survey that follows finds nothing to do. */
  @Test
  void offer_nothingAfterSomething_isDrained() throws Exception {
    try (Bench bench = new Bench(directory, true)) {
      Territory shop = bench.territories("shop").get(0);
      bench.source("shop", "m.py", "x = 1\n");
      bench.offer(shop);
      CompletableFuture<Void> drained = bench.queue().drained(shop);
      assertThat(drained).isNotDone();
      bench.offer(shop, List.of());
      assertThat(drained).isCompleted();
      assertThat(bench.queue().drained(shop)).isCompleted();
      assertThat(bench.queue().pending()).isZero();
    }
  }

  @Test
  void retain_territoryComesBackWhileItsFileIsMade_isDrained() throws Exception {
    try (Bench bench = new Bench(directory, true)) {
      Territory shop = bench.territories("shop").get(0);
      bench.source("shop", "m.py", "x = 1\n");
      bench.shut();
      bench.queue().start(1, bench);
      bench.offer(shop);
      await().until(() -> workers() > 0);
      CompletableFuture<Void> before = bench.queue().drained(shop);
      bench.queue().retain(List.of());
      assertThat(before).isCompleted();
      bench.source("shop", "n.py", "y = 22\n");
      bench.offer(shop);
      bench.open();
      drain(bench, shop);
      assertThat(bench.missing(shop)).isEmpty();
      assertThat(bench.queue().pending()).isZero();
    }
  }

  @Test
  void close_whileFilesWait_failsThoseWhoWait() throws Exception {
    Bench bench = new Bench(directory, true);
    Territory shop = bench.territories("shop").get(0);
    bench.source("shop", "m.py", "x = 1\n");
    bench.offer(shop);
    CompletableFuture<Void> drained = bench.queue().drained(shop);
    bench.close();
    assertThat(drained).isCompletedExceptionally();
  }

  /** A regular file of 0 bytes, says stat(2); /proc/kmsg, such another, never ends. */
  @Test
  void offer_sourceLeadsToProc_isNotRead() throws Exception {
    try (Bench bench = new Bench(directory, false)) {
      Territory shop = bench.territories("shop").get(0);
      Files.createSymbolicLink(directory.resolve("shop/m.py"), Path.of("/proc/version"));
      bench.queue().start(1, bench);
      bench.offer(shop);
      bench.queue().drained(shop).get(20, TimeUnit.SECONDS);
      assertThat(bench.heard()).containsExactly("Failed m.py", "unfinished shop");
    }
  }

  // A prefix that cannot be written.

  @Test
  void offer_prefixIsFullForAWhile_waitsAndRecovers() throws Exception {
    FaultyFileSystem faulty = new FaultyFileSystem(directory.getFileSystem());
    Path prefix = faulty.wrap(directory.toRealPath().resolve("p"));
    try (Bench bench = new Bench(directory, prefix, true)) {
      Territory shop = bench.territories("shop").get(0);
      for (int i = 0; i < 20; i++) {
        bench.source("shop", "m" + i + ".py", "x = 1\n");
      }
      faulty.fault(BuildQueueTest::full);
      bench.queue().start(2, bench);
      bench.offer(shop);
      await().atMost(PATIENCE).until(() -> bench.heard().contains("unwritable"));
      assertThat(bench.heard()).containsOnly("unwritable");
      assertThat(bench.queue().drained(shop)).isNotDone();
      faulty.fault((operation, path) -> {});
      drain(bench, shop);
      List<String> heard = bench.heard();
      int recovered = heard.indexOf("writable");
      // The other thread may have been at work on its first file until there was room again.
      assertThat(heard.subList(0, recovered)).contains("unwritable").hasSizeLessThan(5);
      assertThat(heard.subList(0, recovered))
          .filteredOn(line -> !line.equals("unwritable"))
          .hasSizeLessThan(2);
      assertThat(heard).filteredOn(line -> line.startsWith("Compiled ")).hasSize(20);
      assertThat(heard).endsWith("finished shop");
      assertThat(bench.missing(shop)).isEmpty();
    }
  }

  /** What was to be made is no longer wanted, but the prefix is still said to be full. */
  @Test
  void offer_prefixIsFullAndNothingIsLeftToMake_recovers() throws Exception {
    FaultyFileSystem faulty = new FaultyFileSystem(directory.getFileSystem());
    Path prefix = faulty.wrap(directory.toRealPath().resolve("p"));
    try (Bench bench = new Bench(directory, prefix, true)) {
      Territory shop = bench.territories("shop").get(0);
      bench.source("shop", "m.py", "x = 1\n");
      faulty.fault(BuildQueueTest::full);
      bench.queue().start(1, bench);
      bench.offer(shop);
      await().atMost(PATIENCE).until(() -> bench.heard().contains("unwritable"));
      bench.offer(shop, List.of());
      faulty.fault((operation, path) -> {});
      await().atMost(PATIENCE).until(() -> bench.heard().equals(List.of("unwritable", "writable")));
    }
  }

  /** A one-shot command has no time to wait for better ones. */
  @Test
  void offer_prefixIsFullAndImpatient_failsEachFileAtOnce() throws Exception {
    FaultyFileSystem faulty = new FaultyFileSystem(directory.getFileSystem());
    Path prefix = faulty.wrap(directory.toRealPath().resolve("p"));
    try (Bench bench = new Bench(directory, prefix, false)) {
      Territory shop = bench.territories("shop").get(0);
      for (int i = 0; i < 20; i++) {
        bench.source("shop", "m" + i + ".py", "x = 1\n");
      }
      faulty.fault(BuildQueueTest::full);
      bench.queue().start(2, bench);
      bench.offer(shop);
      bench.queue().drained(shop).get(20, TimeUnit.SECONDS);
      assertThat(bench.heard()).hasSize(21).endsWith("unfinished shop");
      assertThat(bench.heard().subList(0, 20)).allMatch(line -> line.startsWith("Failed "));
    }
  }

  private static void full(Operation operation, Path path) throws IOException {
    if (operation == Operation.CREATE) {
      throw new FileSystemException(path.toString(), null, "No space left on device");
    }
  }

  private static Path bytecode(Territory territory) {
    Path mirror = territory.pair(Path.of("")).mirror();
    return mirror.resolve("m.cpython-312.pyc");
  }

  private static long workers() {
    return ProcessHandle.current().descendants().count();
  }

  /** The listener hears of the end just before those who wait for it do. */
  private static void drain(Bench bench, Territory territory) throws Exception {
    bench.queue().drained(territory).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
