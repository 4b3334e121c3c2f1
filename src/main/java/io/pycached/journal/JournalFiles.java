package io.pycached.journal;

import io.pycached.fs.StateDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of a journal, which is as large as they may be at most. For use by one thread. */
final class JournalFiles {
  /** Bound on a file, in bytes, unless a single line is longer. */
  static final long MAX_FILE_BYTES = 8L << 20;

  /** How many files there are; when there is one more, the oldest goes. */
  static final int MAX_FILES = 4;

  private static final String NEWEST = "events.jsonl";

  private final StateDirectory state;
  private final List<Path> newestFirst;
  private final long maxFileBytes;

  JournalFiles(StateDirectory state, long maxFileBytes) {
    this.state = state;
    this.newestFirst = newestFirst(state.path().getFileSystem());
    this.maxFileBytes = maxFileBytes;
  }

  /** {@return the names that the files have, as far as they are there} */
  static List<Path> newestFirst(FileSystem fileSystem) {
    List<Path> names = new ArrayList<>();
    for (int i = 0; i < MAX_FILES; i++) {
      names.add(fileSystem.getPath(i == 0 ? NEWEST : NEWEST + "." + i));
    }
    return names;
  }

  /** Writes {@code lines} to the newest file, or to a new one if they would make that too long. */
  void append(List<byte[]> lines) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    lines.forEach(all::writeBytes);
    long size = state.size(newestFirst.get(0));
    if (size > 0 && size + all.size() > maxFileBytes) {
      rotate();
    }
    state.append(newestFirst.get(0), all.toByteArray());
  }

  /** Oldest first, so that a crash in between leaves a gap and no file twice. */
  private void rotate() throws IOException {
    for (int i = newestFirst.size() - 1; i > 0; i--) {
      try {
        state.rename(newestFirst.get(i - 1), newestFirst.get(i));
      } catch (NoSuchFileException gap) {
        // The next younger one fills it.
      }
    }
  }
}
