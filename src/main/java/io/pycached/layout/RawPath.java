package io.pycached.layout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The bytes of a path, as a <i>raw</i> string: one character per byte, so that no name is lost
 * whatever the locale.
 *
 * <p>The JDK decodes names with the locale's charset, which under systemd's bare environment is
 * ASCII: every other byte becomes U+FFFD in {@code Path.toString()}. Only {@code Path.toUri()} and
 * {@code Path.of(URI)} keep the bytes, so names that are not plain ASCII take that way.
 */
public final class RawPath {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private RawPath() {}

  /** {@return the raw form of {@code path}} */
  public static String of(Path path) {
    String text = path.toString();
    if (isAscii(text)) {
      return text;
    }
    if (path.getFileSystem() != FileSystems.getDefault()) {
      return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
    // toUri() resolves a relative path against the working directory; anchored at the root there is
    // nothing to resolve.
    Path root = path.getFileSystem().getRootDirectories().iterator().next();
    String absolute = percentDecode(root.resolve(path).toUri().getRawPath());
    String raw = path.isAbsolute() ? absolute : absolute.substring(1);
    return raw.length() > 1 && raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
  }

  /**
   * {@return the path of {@code fileSystem} whose bytes are {@code raw}}
   *
   * @throws InvalidPathException if {@code raw} holds a NUL
   */
  public static Path toPath(FileSystem fileSystem, String raw) {
    if (isAscii(raw)) {
      return fileSystem.getPath(raw);
    }
    if (fileSystem != FileSystems.getDefault()) {
      return fileSystem.getPath(new String(raw.getBytes(ISO_8859_1), UTF_8));
    }
    if (raw.indexOf('\0') >= 0) {
      throw new InvalidPathException(display(raw), "NUL in a path");
    }
    boolean absolute = raw.startsWith("/");
    Path path = Path.of(URI.create("file://" + percentEncode(absolute ? raw : "/" + raw)));
    // relativize() would resolve the dots away.
    return absolute ? path : path.subpath(0, path.getNameCount());
  }

  /** {@return {@code raw} for people: as UTF-8, with {@code \xNN} for each byte that is not} */
  public static String display(String raw) {
    if (isAscii(raw)) {
      return raw;
    }
    byte[] bytes = raw.getBytes(ISO_8859_1);
    if (isUtf8(raw)) {
      return new String(bytes, UTF_8);
    }
    StringBuilder text = new StringBuilder(raw.length() + 16);
    int at = 0;
    while (at < bytes.length) {
      int length = utf8SequenceAt(bytes, at);
      if (length == 0) {
        text.append("\\x").append(HEX.withLowerCase().toHexDigits(bytes[at++]));
      } else {
        text.append(new String(bytes, at, length, UTF_8));
        at += length;
      }
    }
    return text.toString();
  }

  /** {@return whether {@code raw} is valid UTF-8, so that {@link #display} shows it whole} */
  public static boolean isUtf8(String raw) {
    return decodes(raw.getBytes(ISO_8859_1), 0, raw.length());
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /** The length of the UTF-8 sequence that starts at {@code at}, or 0 where none does. */
  private static int utf8SequenceAt(byte[] bytes, int at) {
    for (int length = 1; length <= 4 && at + length <= bytes.length; length++) {
      if (decodes(bytes, at, length)) {
        return length;
      }
    }
    return 0;
  }

  private static boolean decodes(byte[] bytes, int offset, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }

  private static String percentEncode(String raw) {
    StringBuilder encoded = new StringBuilder(raw.length() + 32);
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '/' && i > 0 && raw.charAt(i - 1) == '/') {
        // Path.of(URI) would keep it, and make a path that equals no other.
        continue;
      }
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '/'
              || c == '.'
              || c == '-';
      if (plain) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.toHexDigits((byte) c));
      }
    }
    return encoded.toString();
  }

  private static String percentDecode(String encoded) {
    StringBuilder raw = new StringBuilder(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        raw.append((char) HexFormat.fromHexDigits(encoded, i + 1, i + 3));
        i += 2;
      } else {
        raw.append(c);
      }
    }
    return raw.toString();
  }
}
