package io.pycached.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a {@link Directory} does on every file system. */
abstract class DirectoryContract {

  /** {@return an empty directory} */
  abstract Path top() throws IOException;

  private static Path name(Path top, String name) {
    return top.getFileSystem().getPath(name);
  }

  private static String read(Directory directory, Path name, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    directory.read(name, buffer);
    return UTF_8.decode(buffer.flip()).toString();
  }

  @Test
  void names_ofDirectory_areSortedSingleComponents() throws IOException {
    Path top = top();
    for (String file : List.of("b.py", "a.py", "C.py", "a", "\u00e9.py", ".hidden")) {
      Files.createFile(top.resolve(file));
    }
    Files.createDirectory(top.resolve("d"));
    Files.createFile(top.resolve("d/below.py"));
    try (Directory directory = Directory.openFollowing(top)) {
      assertThat(directory.names())
          .extracting(Path::toString)
          .containsExactly(".hidden", "C.py", "a", "a.py", "b.py", "d", "\u00e9.py");
    }
  }

  @Test
  void names_askedTwice_isAnError() throws IOException {
    try (Directory directory = Directory.openFollowing(top())) {
      assertThat(directory.names()).isEmpty();
      assertThatThrownBy(directory::names).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void stamp_ofEachKind_isOfTheNameItself() throws IOException {
    Path top = top();
    Files.writeString(top.resolve("m.py"), "12345");
    Instant mtime = Instant.ofEpochSecond(1_700_000_007L, 123_456_789);
    Files.setLastModifiedTime(top.resolve("m.py"), FileTime.from(mtime));
    Files.createDirectory(top.resolve("d"));
    Files.createSymbolicLink(top.resolve("to-file"), name(top, "m.py"));
    Files.createSymbolicLink(top.resolve("to-directory"), name(top, "d"));
    Files.createSymbolicLink(top.resolve("to-nothing"), name(top, "nothing"));
    try (Directory directory = Directory.openFollowing(top)) {
      FileStamp file = directory.stamp(name(top, "m.py"));
      assertThat(file.kind()).isEqualTo(FileStamp.Kind.REGULAR);
      assertThat(file.size()).isEqualTo(5);
      assertThat(file.mtime().toInstant()).isEqualTo(mtime);
      assertThat(directory.stamp(name(top, "d")).isDirectory()).isTrue();
      for (String link : List.of("to-file", "to-directory", "to-nothing")) {
        assertThat(directory.stamp(name(top, link)).kind()).isEqualTo(FileStamp.Kind.SYMLINK);
      }
      assertThat(FileStamp.of(top.resolve("m.py"))).isEqualTo(file);
      assertThat(FileStamp.of(top.resolve("to-file")).kind()).isEqualTo(FileStamp.Kind.SYMLINK);
      assertThat(FileStamp.following(top.resolve("to-file"))).isEqualTo(file);
      assertThat(FileStamp.following(top.resolve("to-directory")).isDirectory()).isTrue();
      for (String nothing : List.of("to-nothing", "absent")) {
        assertThatThrownBy(() -> FileStamp.following(top.resolve(nothing)))
            .isInstanceOf(NoSuchFileException.class);
      }
      assertThatThrownBy(() -> directory.stamp(name(top, "absent")))
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void open_onlyDirectories_followsNoLink() throws IOException {
    Path top = top();
    Files.createFile(top.resolve("file"));
    Files.createDirectories(top.resolve("d/inner"));
    Files.createSymbolicLink(top.resolve("link"), name(top, "d"));
    try (Directory directory = Directory.openFollowing(top)) {
      try (Directory child = directory.open(name(top, "d"))) {
        assertThat(child.names()).containsExactly(name(top, "inner"));
        assertThat(child.path()).isEqualTo(top.resolve("d"));
      }
      for (String refused : List.of("file", "link")) {
        assertThatThrownBy(() -> directory.open(name(top, refused)))
            .isInstanceOf(NotDirectoryException.class)
            .hasMessageContaining(refused);
      }
      assertThatThrownBy(() -> directory.open(name(top, "absent")))
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void open_directorySwappedForALink_isRefused() throws IOException {
    Path top = top();
    Files.createDirectories(top.resolve("secret/inner"));
    Files.createDirectory(top.resolve("d"));
    try (Directory directory = Directory.openFollowing(top)) {
      FileStamp stamp = directory.stamp(name(top, "d"));
      Files.delete(top.resolve("d"));
      Files.createSymbolicLink(top.resolve("d"), name(top, "secret"));
      assertThatThrownBy(() -> directory.open(name(top, "d"), stamp))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void everything_afterTheDirectoryIsReplaced_actsOnTheOpenedOne() throws IOException {
    Path top = top();
    Path d = Files.createDirectory(top.resolve("d"));
    Files.writeString(d.resolve("m.pyc"), "ours");
    Files.createDirectory(top.resolve("other"));
    Files.writeString(top.resolve("other/m.pyc"), "theirs");
    Files.createDirectory(top.resolve("other/e"));
    Files.createDirectory(d.resolve("e"));
    try (Directory directory = Directory.openFollowing(d)) {
      Files.move(d, top.resolve("moved"));
      Files.createSymbolicLink(d, name(top, "other"));
      assertThat(read(directory, name(top, "m.pyc"), 10)).isEqualTo("ours");
      assertThat(directory.stamp(name(top, "m.pyc")).size()).isEqualTo(4);
      directory.delete(name(top, "m.pyc"));
      directory.deleteDirectory(name(top, "e"));
    }
    assertThat(top.resolve("moved")).isEmptyDirectory();
    assertThat(top.resolve("other/m.pyc")).hasContent("theirs");
    assertThat(top.resolve("other/e")).isDirectory();
  }

  @Test
  void descend_throughDirectories_reachesTheLast() throws IOException {
    Path top = top();
    Files.createDirectories(top.resolve("a/b/c"));
    try (Directory directory = Directory.descend(top, name(top, "a/b"))) {
      assertThat(directory.names()).containsExactly(name(top, "c"));
      assertThat(directory.path()).isEqualTo(top.resolve("a/b"));
    }
    try (Directory directory = Directory.descend(top, name(top, ""))) {
      assertThat(directory.names()).containsExactly(name(top, "a"));
    }
  }

  @Test
  void descend_throughALinkOrAFile_isRefused() throws IOException {
    Path top = top();
    Files.createDirectories(top.resolve("a/b/c"));
    Files.createSymbolicLink(top.resolve("link"), name(top, "a"));
    Files.createSymbolicLink(top.resolve("a/link"), name(top, "b"));
    Files.createFile(top.resolve("a/file"));
    for (String refused : List.of("link/b", "a/link", "a/link/c", "a/file", "a/file/c")) {
      assertThatThrownBy(() -> Directory.descend(top, name(top, refused)))
          .as(refused)
          .isInstanceOf(NotDirectoryException.class);
    }
    assertThatThrownBy(() -> Directory.descend(top, name(top, "a/absent/c")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void openFollowing_ofAPath_followsLinksToDirectoriesOnly() throws IOException {
    Path top = top();
    Files.createDirectories(top.resolve("d/inner"));
    Files.createFile(top.resolve("file"));
    Files.createSymbolicLink(top.resolve("link"), name(top, "d"));
    Files.createSymbolicLink(top.resolve("to-nothing"), name(top, "nothing"));
    try (Directory directory = Directory.openFollowing(top.resolve("link"))) {
      assertThat(directory.names()).containsExactly(name(top, "inner"));
    }
    assertThatThrownBy(() -> Directory.openFollowing(top.resolve("file")))
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> Directory.openFollowing(top.resolve("to-nothing")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void read_ofFile_fillsTheBufferOrEndsWithTheFile() throws IOException {
    Path top = top();
    Files.writeString(top.resolve("m.pyc"), "abcdef");
    try (Directory directory = Directory.openFollowing(top)) {
      assertThat(read(directory, name(top, "m.pyc"), 4)).isEqualTo("abcd");
      assertThat(read(directory, name(top, "m.pyc"), 6)).isEqualTo("abcdef");
      assertThat(read(directory, name(top, "m.pyc"), 9)).isEqualTo("abcdef");
    }
  }

  @Test
  void read_ofLink_isRefused() throws IOException {
    Path top = top();
    Files.writeString(top.resolve("m.py"), "abc");
    Files.createSymbolicLink(top.resolve("link"), name(top, "m.py"));
    try (Directory directory = Directory.openFollowing(top)) {
      ByteBuffer buffer = ByteBuffer.allocate(9);
      assertThatThrownBy(() -> directory.read(name(top, "link"), buffer))
          .isInstanceOf(IOException.class);
      assertThat(buffer.position()).isZero();
    }
  }

  @Test
  void delete_ofLink_deletesTheLink() throws IOException {
    Path top = top();
    Files.writeString(top.resolve("m.py"), "abc");
    Files.createSymbolicLink(top.resolve("link"), name(top, "m.py"));
    try (Directory directory = Directory.openFollowing(top)) {
      directory.delete(name(top, "link"));
      assertThatThrownBy(() -> directory.delete(name(top, "link")))
          .isInstanceOf(NoSuchFileException.class);
      assertThat(directory.names()).containsExactly(name(top, "m.py"));
    }
  }

  @Test
  void deleteDirectory_withSomethingInIt_isRefused() throws IOException {
    Path top = top();
    Files.createDirectories(top.resolve("full/inner"));
    try (Directory directory = Directory.openFollowing(top)) {
      assertThatThrownBy(() -> directory.deleteDirectory(name(top, "full")))
          .isInstanceOf(DirectoryNotEmptyException.class);
      Files.delete(top.resolve("full/inner"));
      directory.deleteDirectory(name(top, "full"));
      assertThat(directory.names()).isEmpty();
    }
  }
}
