package io.pycached.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/** One configuration file, from bytes to a table with places. */
final class TomlFile {

  /**
   * Bytes of a configuration file: more than a thousand projects need, and what the library parses
   * in the daemon's heap, at up to 700 bytes for one.
   */
  static final int MAX_BYTES = 256 << 10;

  /** Lines that say something; each can hold a syntax error, and the library keeps them all. */
  static final int MAX_LINES = 10_000;

  private TomlFile() {}

  /**
   * Reads a file.
   *
   * @return what could be read of it; empty after the error was reported, or for a missing file
   *     that is not required
   */
  static Optional<Value.Table> read(Path file, boolean required, Problems problems) {
    Origin at = Origin.outsideFiles(file.toString());
    byte[] bytes;
    try {
      if (Files.isDirectory(file)) {
        problems.add(at, "expected a file, found a directory");
        return Optional.empty();
      }
      bytes = firstBytes(file);
    } catch (NoSuchFileException e) {
      if (required) {
        problems.add(at, "no such file");
      }
      return Optional.empty();
    } catch (IOException e) {
      problems.add(at, unreadable(e));
      return Optional.empty();
    }
    if (bytes.length > MAX_BYTES) {
      problems.add(at, "expected at most 256 KiB, found a larger file");
      return Optional.empty();
    }
    Optional<TomlLines> lines = decode(bytes, file, problems).map(TomlLines::new);
    if (lines.isPresent() && lines.get().count() > MAX_LINES) {
      problems.add(at, "expected at most " + MAX_LINES + " lines, found more");
      return Optional.empty();
    }
    return lines.map(l -> new TomlParser(file.toString(), l).parse(problems));
  }

  /** {@return what a person is told, who sees the file's name already} */
  static String unreadable(IOException e) {
    String reason = String.valueOf(e.getMessage());
    if (e instanceof AccessDeniedException) {
      reason = "permission denied";
    } else if (e instanceof NotDirectoryException) {
      reason = "expected a directory, found a file";
    } else if (e instanceof FileSystemException fault && fault.getReason() != null) {
      reason = fault.getReason();
    }
    return "cannot be read: " + Quoted.escape(reason);
  }

  /** One byte more than allowed, so that a file that grows or never ends is noticed. */
  private static byte[] firstBytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES + 1);
    }
  }

  private static Optional<String> decode(byte[] bytes, Path file, Problems problems) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(in, out, true);
    out.flip();
    if (!result.isError()) {
      return Optional.of(out.toString());
    }
    String before = out.toString();
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    int lineStart = before.lastIndexOf('\n') + 1;
    int column = 1 + before.codePointCount(lineStart, before.length());
    problems.add(
        new Origin(file.toString(), line, column),
        String.format("expected UTF-8, found the byte 0x%02x", bytes[in.position()]));
    return Optional.empty();
  }
}
