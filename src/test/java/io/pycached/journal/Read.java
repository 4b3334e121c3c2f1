package io.pycached.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a reader tells. */
final class Read implements JournalReader.Sink {
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();

  /** {@return all that a reader tells that begins now} */
  static Read of(Path prefix, String name) throws IOException {
    Read read = new Read();
    try (JournalReader reader = new JournalReader(prefix, name, read)) {
      reader.read();
      reader.end();
    }
    return read;
  }

  @Override
  public void entry(Entry entry, String line) {
    entries.add(entry);
  }

  @Override
  public void unreadable(Path file, String what) {
    unreadable.add(file.getFileName() + " " + what);
  }

  List<Entry> entries() {
    return entries;
  }

  /** {@return the number of bytes that each event has, which a test numbers them by} */
  List<Long> numbers() {
    return entries.stream()
        .map(entry -> entry instanceof Event event ? event.bytes() : -1L)
        .toList();
  }

  List<String> unreadable() {
    return unreadable;
  }
}
