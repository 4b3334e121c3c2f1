package io.pycached.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.Optional;

/** Makes lines of bytes, and entries of lines. For use by one thread. */
final class Lines {
  private final FileSystem fileSystem;
  private final JournalReader.Sink sink;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean tooLong;

  Lines(FileSystem fileSystem, JournalReader.Sink sink) {
    this.fileSystem = fileSystem;
    this.sink = sink;
  }

  /** Takes the next bytes of {@code file}, which are in an array. */
  void add(Path file, ByteBuffer bytes) throws IOException {
    byte[] array = bytes.array();
    int start = bytes.arrayOffset() + bytes.position();
    int end = bytes.arrayOffset() + bytes.limit();
    for (int at = start; at < end; at++) {
      if (array[at] == '\n') {
        keep(array, start, at);
        flush(file);
        start = at + 1;
      }
    }
    keep(array, start, end);
  }

  private void keep(byte[] array, int start, int end) {
    int room = JournalReader.MAX_LINE_BYTES - line.size();
    tooLong |= end - start > room;
    line.write(array, start, Math.min(end - start, room));
  }

  /** Takes the end of {@code file}. */
  void end(Path file) throws IOException {
    if (line.size() > 0) {
      sink.unreadable(file, "ends in the first " + line.size() + " bytes of a line");
      line.reset();
      tooLong = false;
    }
  }

  /** Tells that what came after {@code file} was deleted before it was read. */
  void missed(Path file) throws IOException {
    sink.unreadable(file, "was deleted; what came after it may be missing here");
  }

  private void flush(Path file) throws IOException {
    if (tooLong) {
      sink.unreadable(file, "line of more than " + JournalReader.MAX_LINE_BYTES + " bytes");
    } else if (line.size() > 0) {
      String text = line.toString(UTF_8);
      Optional<Entry> entry = EntryJson.decode(fileSystem, text);
      if (entry.isPresent()) {
        sink.entry(entry.get(), text);
      } else {
        sink.unreadable(file, "line of " + line.size() + " bytes that is no entry");
      }
    }
    line.reset();
    tooLong = false;
  }
}
