package io.pycached.measure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Picks the lines of {@code -X importtime} out of what a command writes to standard error, and
 * passes the rest on as it comes.
 *
 * <p>The interpreter writes them itself ({@code import_find_and_load} in {@code Python/import.c}),
 * in the midst of the program's own: a line may begin with what the program has not ended yet.
 */
final class ImportTimeReader {
  /** A longer line is the program's. */
  private static final int MAX_LINE = 1 << 16;

  private static final Pattern LINE =
      Pattern.compile(
          "import time: +([0-9]{1,15}) \\| +[0-9]{1,15} \\| +([^ \r\n][^\r\n]*)\r?\n?$");

  private static final Pattern HEADER =
      Pattern.compile("import time: self \\[us\\] \\| cumulative \\| imported package\r?\n?$");

  private final InputStream from;
  private final OutputStream rest;
  private final ImportTimes times = new ImportTimes();
  private final byte[] line = new byte[MAX_LINE];
  private int length;
  private boolean tooLong;

  ImportTimeReader(InputStream from, OutputStream rest) {
    this.from = from;
    this.rest = rest;
  }

  /** {@return the times, once the stream has ended} */
  ImportTimes read() throws IOException {
    byte[] chunk = new byte[8192];
    for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
      for (int i = 0; i < n; i++) {
        line[length++] = chunk[i];
        if (chunk[i] == '\n') {
          endOfLine();
          tooLong = false;
        } else if (length == MAX_LINE) {
          tooLong = true;
          endOfLine();
        }
      }
      rest.flush();
    }
    endOfLine();
    rest.flush();
    return times;
  }

  private void endOfLine() throws IOException {
    int own = tooLong ? length : ownPart(new String(line, 0, length, ISO_8859_1));
    rest.write(line, 0, own);
    length = 0;
  }

  /** Takes the interpreter's part of a line. Returns the length of what stands before it. */
  private int ownPart(String text) {
    Matcher found = LINE.matcher(text);
    if (found.find()) {
      String module = new String(found.group(2).getBytes(ISO_8859_1), UTF_8);
      times.add(module, Long.parseLong(found.group(1)));
      return found.start();
    }
    Matcher header = HEADER.matcher(text);
    return header.find() ? header.start() : text.length();
  }
}
