package io.pycached.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fs.StateDirectory;
import io.pycached.testing.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real disk, which gives the inode of a deleted file to the next one. */
final class JournalReaderTest {
  private static final String NAME = ".state";

  private @TempDir Path prefix;
  private final Read read = new Read();
  private JournalFiles files;
  private long next;

  @BeforeEach
  void open() throws IOException {
    files = new JournalFiles(StateDirectory.open(prefix, NAME), 3L * line(100).length + 10);
  }

  private static byte[] line(long number) {
    return EntryJson.encode(
        new Event(
            Instant.EPOCH,
            Event.Action.COMPILE,
            Path.of("/p/m.cpython-312.pyc"),
            Optional.empty(),
            "shop",
            "missing",
            number,
            ""));
  }

  private void append(int events) throws IOException {
    for (int i = 0; i < events; i++) {
      files.append(List.of(line(next++)));
    }
  }

  private Path newest() {
    return prefix.resolve(NAME).resolve("events.jsonl");
  }

  private static Long[] numbers(long from, long to) {
    return LongStream.range(from, to).boxed().toArray(Long[]::new);
  }

  private JournalReader reader() {
    return new JournalReader(prefix, NAME, read);
  }

  @Test
  void read_nothingThere_isNothing() throws IOException {
    try (JournalReader reader = reader()) {
      reader.read();
      Files.delete(prefix.resolve(NAME));
      reader.read();
      reader.end();
    }
    assertThat(read.entries()).isEmpty();
    assertThat(read.unreadable()).isEmpty();
  }

  @Test
  void read_severalFiles_isInOrder() throws IOException {
    append(8);
    try (JournalReader reader = reader()) {
      reader.read();
    }
    assertThat(read.numbers()).containsExactly(numbers(0, 8));
  }

  @Test
  void read_afterAnyNumberOfRotations_goesOn() throws IOException {
    long missing = 0;
    for (int events = 0; events < 14; events++) {
      List<Long> told = new ArrayList<>(read.numbers());
      try (JournalReader reader = reader()) {
        reader.read();
        assertThat(read.unreadable()).isEmpty();
        int before = read.entries().size();
        append(events);
        reader.read();
        List<Long> more = read.numbers().subList(before, read.entries().size());
        if (read.unreadable().isEmpty()) {
          assertThat(more)
              .as("%s after %s", events, told)
              .containsExactly(numbers(next - events, next));
        } else {
          missing++;
          assertThat(more).isSubsetOf(numbers(next - events, next)).endsWith(next - 1);
        }
      }
      read.unreadable().clear();
    }
    assertThat(missing).as("more than four files' worth between two looks").isLessThan(6);
  }

  @Test
  void read_rotatedWhileFollowed_isReadOnce() throws IOException {
    try (JournalReader reader = reader()) {
      for (int i = 0; i < 200; i++) {
        append(1 + i % 3);
        reader.read();
      }
    }
    assertThat(read.numbers()).containsExactly(numbers(0, next));
    assertThat(read.unreadable()).isEmpty();
  }

  @Test
  void read_halfALine_waitsForTheRest() throws IOException {
    byte[] line = line(next++);
    Files.write(newest(), Arrays.copyOf(line, 30));
    try (JournalReader reader = reader()) {
      reader.read();
      assertThat(read.entries()).isEmpty();
      Files.write(newest(), Arrays.copyOfRange(line, 30, line.length), StandardOpenOption.APPEND);
      reader.read();
      assertThat(read.numbers()).containsExactly(0L);
      Files.write(newest(), Arrays.copyOf(line, 40), StandardOpenOption.APPEND);
      reader.read();
      assertThat(read.unreadable()).isEmpty();
      reader.end();
    }
    assertThat(read.unreadable())
        .containsExactly("events.jsonl ends in the first 40 bytes of a line");
  }

  @Test
  void read_garbage_isToldAndPassedOver() throws IOException {
    append(1);
    Files.write(newest(), new byte[] {'\n', 'x', (byte) 0xff, 0, '\n'}, StandardOpenOption.APPEND);
    append(1);
    Files.write(newest(), new byte[JournalReader.MAX_LINE_BYTES + 1], StandardOpenOption.APPEND);
    append(2);
    try (JournalReader reader = reader()) {
      reader.read();
      reader.end();
    }
    assertThat(read.numbers()).containsExactly(numbers(0, 4));
    assertThat(read.unreadable())
        .containsExactly(
            "events.jsonl.1 line of 3 bytes that is no entry",
            "events.jsonl.1 ends in the first 262144 bytes of a line");
  }

  @Test
  void read_linkInPlaceOfAFile_isNotFollowed(@TempDir Path elsewhere) throws IOException {
    Files.write(elsewhere.resolve("theirs"), line(99));
    Files.createSymbolicLink(newest(), elsewhere.resolve("theirs"));
    try (JournalReader reader = reader()) {
      reader.read();
    }
    assertThat(read.entries()).isEmpty();
  }

  @Test
  void read_afterTheWriterWasKilled_lacksHalfALineAtMost() throws Exception {
    for (int run = 0; run < 3; run++) {
      Process writer = Jvm.of(List.of(), EndlessWriter.class, prefix.toString(), NAME).start();
      try (BufferedReader said = writer.inputReader(UTF_8)) {
        for (int batch = 0; batch < 30; batch++) {
          assertThat(said.readLine()).isNotNull();
        }
      } finally {
        writer.destroyForcibly();
      }
      assertThat(writer.waitFor()).isEqualTo(128 + 9);
      append(1);
    }
    Read all = Read.of(prefix, NAME);
    assertThat(all.unreadable()).hasSizeLessThanOrEqualTo(3);
    assertThat(all.numbers()).endsWith(2L);
    long before = -1;
    for (long number : all.numbers().subList(0, all.numbers().size() - 1)) {
      assertThat(number).isIn(before + 1, 0L, 1L, 2L);
      before = number;
    }
  }
}
