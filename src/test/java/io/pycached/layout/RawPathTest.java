package io.pycached.layout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.pycached.testing.Jvm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RawPathTest {
  /** Raw: Latin-1, UTF-8, half a UTF-8 character, what URIs and lines are made of. */
  private static final List<String> NAMES =
      List.of(
          "plain.py",
          "caf\u00e9.py",
          "caf\u00c3\u00a9.py",
          "\u00e2\u0082",
          "\u00ff\u00fe",
          "\u00f0\u009f\u0090\u008d.py",
          "50%\u00c3\u00a9 #?&+.py",
          "two\nlines\u00c3\u00a9",
          "two\nlines",
          "%C3%A9",
          " \u00c3\u00a9 ",
          "back\\slash\u00e9",
          "\u0001\u007f\u0080",
          "d\u00e9/\u00c3\u00a9/\u00ff.py");

  private @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"/a//\u00ff", "//a/\u00ff", "/a/\u00ff/", "/a///\u00ff//", "a//\u00ff//"})
  void toPath_slashesWithoutNeed_areLeftOut(String raw) {
    Path path = RawPath.toPath(FileSystems.getDefault(), raw);
    assertThat(RawPath.of(path)).isEqualTo(raw.startsWith("/") ? "/a/\u00ff" : "a/\u00ff");
    assertThat(path.getNameCount()).isEqualTo(2);
  }

  @Test
  void toPath_ofAnyBytes_isThatFile() throws IOException {
    for (String name : NAMES) {
      byte[] bytes = name.getBytes(ISO_8859_1);
      Path expected = directory.resolve(Path.of("/").relativize(ofBytes("/" + name)));
      Path path = directory.resolve(RawPath.toPath(FileSystems.getDefault(), name));
      assertThat(path).as(HexFormat.of().formatHex(bytes)).isEqualTo(expected);
      Files.createDirectories(path.getParent());
      Files.writeString(path, name, UTF_8);
      String raw = RawPath.of(directory) + "/" + name;
      assertThat(RawPath.of(path)).isEqualTo(raw);
      assertThat(RawPath.toPath(FileSystems.getDefault(), raw)).isEqualTo(path);
      assertThat(RawPath.of(path.getFileName()))
          .isEqualTo(name.substring(name.lastIndexOf('/') + 1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../\u00c3\u00a9",
        "a/../\u00c3\u00a9",
        "./\u00c3\u00a9",
        "/a/../\u00c3\u00a9",
        "/a/./\u00c3\u00a9",
        "..",
        "a/..",
        "",
        "/",
        "/\u00e9/.."
      })
  void of_pathWithDots_keepsThem(String raw) {
    assertThat(RawPath.of(RawPath.toPath(FileSystems.getDefault(), raw))).isEqualTo(raw);
  }

  @Test
  void of_directoryWithForeignName_hasNoSlashAtTheEnd() throws IOException {
    Path path = directory.resolve(RawPath.toPath(FileSystems.getDefault(), "d\u00e9"));
    Files.createDirectory(path);
    assertThat(RawPath.of(path)).isEqualTo(RawPath.of(directory) + "/d\u00e9");
    assertThat(RawPath.of(path.getFileName())).isEqualTo("d\u00e9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\u0000b", "/\u00e9\u0000b", "\u00e9\u0000", "\u0000"})
  void toPath_withNul_isRefused(String raw) {
    assertThatThrownBy(() -> RawPath.toPath(FileSystems.getDefault(), raw))
        .isInstanceOf(InvalidPathException.class);
  }

  @Test
  void of_pathInMemory_isItsUtf8() throws IOException {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      Path path = memory.getPath("/d\u00e9/\ud83d\udc0d.py");
      assertThat(RawPath.of(path)).isEqualTo("/d\u00c3\u00a9/\u00f0\u009f\u0090\u008d.py");
      assertThat(RawPath.toPath(memory, RawPath.of(path))).isEqualTo(path);
      assertThatThrownBy(() -> RawPath.toPath(memory, "/\u00e9\u0000b"))
          .isInstanceOf(InvalidPathException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/srv/m.py,                        /srv/m.py,            true",
    "caf\u00c3\u00a9.py,               caf\u00e9.py,         true",
    "caf\u00e9.py,                     caf\\xe9.py,          false",
    "\u00e2\u0082,                     \\xe2\\x82,           false",
    "\u00e2\u0082x\u00c3\u00a9\u00ff,  \\xe2\\x82x\u00e9\\xff, false",
    "\u00ed\u00a0\u0080,               \\xed\\xa0\\x80,      false",
  })
  void display_ofRaw_showsBytesThatAreNoUtf8(String raw, String shown, boolean utf8) {
    assertThat(RawPath.display(raw)).isEqualTo(shown);
    assertThat(RawPath.isUtf8(raw)).isEqualTo(utf8);
  }

  /** An empty locale is what systemd gives a service: the JDK then decodes names as ASCII. */
  @ParameterizedTest
  @ValueSource(strings = {"", "C.UTF-8"})
  void names_inAnyLocale_surviveTheRoundTrip(String locale) throws Exception {
    TreeSet<String> expected = new TreeSet<>();
    for (String name : NAMES) {
      Path path = directory.resolve(Path.of("/").relativize(ofBytes("/" + name)));
      Files.createDirectories(path.getParent());
      Files.write(path, new byte[name.length()]);
      expected.add(HexFormat.of().formatHex(name.getBytes(ISO_8859_1)) + " " + name.length());
    }
    ProcessBuilder builder = Jvm.of(List.of(), RawNames.class, directory.toString());
    builder.environment().keySet().removeIf(key -> key.startsWith("LC_") || key.equals("LANG"));
    if (!locale.isEmpty()) {
      builder.environment().put("LC_ALL", locale);
    }
    Process child = builder.start();
    String printed = new String(child.getInputStream().readAllBytes(), ISO_8859_1);
    assertThat(child.waitFor()).isZero();
    assertThat(printed.lines()).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** The way that the JDK leaves open for names that the locale cannot spell. */
  private static Path ofBytes(String raw) {
    StringBuilder uri = new StringBuilder("file://");
    for (byte b : raw.getBytes(ISO_8859_1)) {
      uri.append(b == '/' ? "/" : "%" + HexFormat.of().withUpperCase().toHexDigits(b));
    }
    return Path.of(URI.create(uri.toString()));
  }
}
