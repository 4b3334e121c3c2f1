package io.pycached.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pycached.fs.StateDirectory;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In memory. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class JournalTest {
  private static final String NAME = ".state";
  private static final long ROOMY = 1 << 20;

  private final SetClock clock = new SetClock();
  private final FileSystem memory = PycacheTree.memory(clock);
  private final Heard heard = new Heard();
  private Path prefix;

  /** Counts what it is told. */
  private static final class Heard implements Journal.Listener {
    final AtomicLong written = new AtomicLong();
    final AtomicLong lost = new AtomicLong();
    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger recoveries = new AtomicInteger();
    final AtomicReference<Optional<IOException>> last = new AtomicReference<>(Optional.empty());

    @Override
    public void written(int lines) {
      written.addAndGet(lines);
    }

    @Override
    public void lost(long events) {
      lost.addAndGet(events);
    }

    @Override
    public void unwritable(IOException failure) {
      failures.incrementAndGet();
      last.set(Optional.of(failure));
    }

    @Override
    public void writable() {
      recoveries.incrementAndGet();
    }
  }

  @BeforeEach
  void layOut() throws IOException {
    prefix = Files.createDirectory(memory.getPath("/prefix"));
  }

  @AfterEach
  void close() throws IOException {
    memory.close();
  }

  private Journal journal(long maxFileBytes) {
    return journal(() -> StateDirectory.open(prefix, NAME), maxFileBytes);
  }

  private Journal journal(Journal.Opening opening, long maxFileBytes) {
    Journal journal = new Journal(opening, maxFileBytes, Duration.ofMillis(5), heard, clock);
    journal.start();
    return journal;
  }

  /** An event that is known by its bytes. */
  private Event event(long number) {
    return new Event(
        clock.instant(),
        Event.Action.DELETE,
        prefix.resolve("srv/m.cpython-312.pyc"),
        Optional.of(memory.getPath("/srv/m.py")),
        "shop",
        "source-missing",
        number,
        "none of m.py is in /srv");
  }

  private static List<Long> numbers(int from, int to) {
    return LongStream.range(from, to).boxed().toList();
  }

  @Test
  void add_events_areInTheFileInOrderOnceItIsClosed() throws IOException {
    try (Journal journal = journal(ROOMY)) {
      IntStream.range(0, 1_000).forEach(i -> journal.add(event(i)));
    }
    assertThat(Read.of(prefix, NAME).numbers()).isEqualTo(numbers(0, 1_000));
    assertThat(Read.of(prefix, NAME).entries().get(7)).isEqualTo(event(7));
    assertThat(heard.written).hasValue(1_000);
    assertThat(heard.lost).hasValue(0);
  }

  @Test
  void start_withoutEvents_makesNothing() {
    journal(ROOMY).close();
    assertThat(prefix).isEmptyDirectory();
  }

  @Test
  void add_beforeClose_isWrittenSoon() throws IOException {
    try (Journal journal = journal(ROOMY)) {
      journal.add(event(1));
      await().untilAsserted(() -> assertThat(heard.written).hasValue(1));
      assertThat(Read.of(prefix, NAME).numbers()).containsExactly(1L);
    }
  }

  @Test
  void add_moreThanFits_keepsTheNewestInFilesOfBoundedSize() throws IOException {
    long bytes = EntryJson.encode(event(0)).length;
    long bound = 10 * bytes + 20;
    for (int run = 0; run < 100; run++) {
      try (Journal journal = journal(bound)) {
        journal.add(event(run));
      }
    }
    List<Long> kept = Read.of(prefix, NAME).numbers();
    assertThat(kept).isEqualTo(numbers(100 - kept.size(), 100)).hasSizeBetween(31, 40);
    try (var files = Files.list(prefix.resolve(NAME))) {
      assertThat(files)
          .hasSize(JournalFiles.MAX_FILES)
          .allSatisfy(file -> assertThat(Files.size(file)).isLessThanOrEqualTo(bound));
    }
  }

  @Test
  void append_afterHalfALine_losesOnlyThat() throws IOException {
    try (Journal journal = journal(ROOMY)) {
      journal.add(event(1));
    }
    Path file = prefix.resolve(NAME).resolve("events.jsonl");
    Files.writeString(file, Files.readString(file) + "{\"schema\":1,\"at\":\"20");
    try (Journal journal = journal(ROOMY)) {
      journal.add(event(2));
    }
    Read read = Read.of(prefix, NAME);
    assertThat(read.numbers()).containsExactly(1L, 2L);
    assertThat(read.unreadable()).containsExactly("events.jsonl line of 20 bytes that is no entry");
  }

  @Test
  void add_whileItCannotBeWritten_waitsAndIsWrittenLater() throws IOException {
    Files.createFile(prefix.resolve(NAME));
    try (Journal journal = journal(ROOMY)) {
      journal.add(event(1));
      journal.add(event(2));
      await().until(() -> heard.failures.get() >= 2);
      assertThat(heard.last.get()).containsInstanceOf(StateDirectory.RefusedException.class);
      Files.delete(prefix.resolve(NAME));
      await().until(() -> heard.recoveries.get() == 1);
      journal.add(event(3));
    }
    assertThat(Read.of(prefix, NAME).numbers()).containsExactly(1L, 2L, 3L);
    assertThat(heard.lost).hasValue(0);
    assertThat(heard.recoveries).hasValue(1);
  }

  @Test
  void close_whileItCannotBeWritten_givesUpAndSaysSo() throws IOException {
    Files.createFile(prefix.resolve(NAME));
    Journal journal = journal(ROOMY);
    journal.add(event(1));
    journal.add(event(2));
    journal.close();
    journal.add(event(3));
    assertThat(heard.lost).hasValue(3);
    assertThat(prefix.resolve(NAME)).isEmptyFile();
  }

  @Test
  void add_moreThanMayWait_isCountedAndTheCountIsWritten() throws Exception {
    CountDownLatch opened = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    Journal.Opening slow =
        () -> {
          try {
            opened.countDown();
            open.await();
          } catch (InterruptedException stopped) {
            throw new IOException(stopped);
          }
          return StateDirectory.open(prefix, NAME);
        };
    try (Journal journal = journal(slow, ROOMY << 4)) {
      journal.add(event(0));
      opened.await();
      for (int i = 1; i <= Journal.MAX_QUEUED + 17; i++) {
        journal.add(event(i));
      }
      assertThat(heard.lost).hasValue(17);
      open.countDown();
    }
    List<Entry> entries = Read.of(prefix, NAME).entries();
    assertThat(entries).hasSize(1 + Journal.MAX_QUEUED + 1);
    assertThat(entries.get(entries.size() - 1)).isEqualTo(new Lost(clock.instant(), 17));
    assertThat(entries.get(entries.size() - 2)).isEqualTo(event(Journal.MAX_QUEUED));
  }

  @Test
  void add_byManyThreads_losesNothing() throws Exception {
    try (Journal journal = journal(ROOMY << 4)) {
      List<Thread> threads =
          IntStream.range(0, 4)
              .mapToObj(
                  thread ->
                      new Thread(
                          () ->
                              LongStream.range(0, 1_000)
                                  .forEach(i -> journal.add(event(thread * 1_000L + i)))))
              .toList();
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(Read.of(prefix, NAME).numbers())
        .containsExactlyInAnyOrderElementsOf(numbers(0, 4_000));
  }
}
