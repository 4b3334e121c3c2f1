package io.pycached.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real disk: links, owners and modes are the kernel's. */
final class StateDirectoryTest {
  private static final String NAME = ".state";
  private static final Path FILE = Path.of("log");
  private static final Path OTHER = Path.of("other");

  private @TempDir Path prefix;

  private StateDirectory open() throws IOException {
    return StateDirectory.open(prefix, NAME);
  }

  private Path inState(Path file) {
    return prefix.resolve(NAME).resolve(file);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void open_nothingThere_makesAPrivateDirectory() throws IOException {
    assertThat(open().path()).isEqualTo(prefix.resolve(NAME));
    assertThat(mode(prefix.resolve(NAME))).matches("rwx(r-x|---)---");
    assertThat(prefix.resolve(NAME)).isEmptyDirectory();
  }

  @Test
  void open_again_keepsTheFilesAndRemovesHalfWrittenOnes() throws IOException {
    open().write(FILE, bytes("one"));
    Files.writeString(inState(Path.of("log.new")), "half");
    Files.writeString(inState(Path.of("probe.new")), "");
    assertThat(open().read(FILE, 10)).hasValue(bytes("one"));
    assertThat(prefix.resolve(NAME).toFile().list()).containsExactly("log");
  }

  @Test
  void open_whileAnotherWrites_takesNothingAwayFromIt() throws Exception {
    open();
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<?> writes = other.submit(() -> writeOften(OTHER));
      writeOften(FILE);
      writes.get();
    } finally {
      other.shutdownNow();
    }
    assertThat(prefix.resolve(NAME).toFile().list()).containsExactlyInAnyOrder("log", "other");
  }

  private @Nullable Void writeOften(Path file) throws IOException {
    for (int i = 0; i < 40; i++) {
      open().write(file, bytes("x"));
    }
    return null;
  }

  @Test
  void open_symbolicLink_isRefusedAndNotFollowed(@TempDir Path elsewhere) throws IOException {
    Files.createSymbolicLink(prefix.resolve(NAME), elsewhere);
    assertThatThrownBy(this::open)
        .isInstanceOf(StateDirectory.RefusedException.class)
        .hasMessageContaining(NAME)
        .hasMessageEndingWith("found a symbolic link");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void open_file_isRefused() throws IOException {
    Files.createFile(prefix.resolve(NAME));
    assertThatThrownBy(this::open)
        .isInstanceOf(StateDirectory.RefusedException.class)
        .hasMessageEndingWith("found something else");
  }

  @Test
  void open_writableByOthers_isRefused() throws IOException {
    Path directory = Files.createDirectory(prefix.resolve(NAME));
    for (String mode : new String[] {"rwxrwx---", "rwx----w-"}) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
      assertThatThrownBy(this::open)
          .isInstanceOf(StateDirectory.RefusedException.class)
          .hasMessageContaining(mode);
    }
  }

  @Test
  void open_ofAnotherOwner_isRefusedAndLeftAsItIs() throws IOException {
    assumeThat(Files.getAttribute(prefix, "unix:uid")).as("needs root").isEqualTo(0);
    Path directory = Files.createDirectory(prefix.resolve(NAME));
    Files.setAttribute(directory, "unix:uid", 65_534);
    assertThatThrownBy(this::open)
        .isInstanceOf(StateDirectory.RefusedException.class)
        .hasMessageContaining("belong to " + Files.getOwner(directory).getName());
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void write_thenRead_isTheSame() throws IOException {
    StateDirectory state = open();
    assertThat(state.read(FILE, 10)).isEmpty();
    assertThat(state.size(FILE)).isZero();
    state.write(FILE, bytes("one"), bytes("two"));
    assertThat(state.read(FILE, 6)).hasValue(bytes("onetwo"));
    assertThat(state.size(FILE)).isEqualTo(6);
    assertThat(mode(inState(FILE))).matches("rw-(r--|---)---");
    state.write(FILE, bytes("three"));
    assertThat(state.read(FILE, 6)).hasValue(bytes("three"));
    assertThatThrownBy(() -> state.read(FILE, 4))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("5 bytes, expected at most 4");
  }

  @Test
  void append_toNothingAndToLines_addsLines() throws IOException {
    StateDirectory state = open();
    state.append(FILE, bytes("one\n"));
    state.append(FILE, bytes("two\nthree\n"));
    assertThat(inState(FILE)).hasContent("one\ntwo\nthree\n");
    assertThat(mode(inState(FILE))).matches("rw-(r--|---)---");
  }

  @Test
  void append_toHalfALine_startsANewOne() throws IOException {
    StateDirectory state = open();
    Files.writeString(inState(FILE), "one\ntw");
    state.append(FILE, bytes("three\n"));
    assertThat(inState(FILE)).hasContent("one\ntw\nthree\n");
  }

  @Test
  void append_toAnEmptyFile_startsWithTheLine() throws IOException {
    StateDirectory state = open();
    Files.createFile(inState(FILE));
    state.append(FILE, bytes("one\n"));
    assertThat(Files.readString(inState(FILE))).isEqualTo("one\n");
  }

  @Test
  void writeAndAppend_toAFileWithASecondName_leaveTheOtherNameAlone() throws IOException {
    Path precious = Files.writeString(prefix.resolve("precious"), "keep\n");
    StateDirectory state = open();
    Files.createLink(inState(FILE), precious);
    Files.createLink(inState(OTHER), precious);
    assertThat(state.read(FILE, 10)).isEmpty();
    assertThat(state.size(FILE)).isZero();
    state.append(FILE, bytes("mine\n"));
    state.write(OTHER, bytes("mine too"));
    assertThat(precious).hasContent("keep\n");
    assertThat(inState(FILE)).hasContent("mine\n");
    assertThat(inState(OTHER)).hasContent("mine too");
  }

  @Test
  void writeAndAppend_toASymbolicLink_replaceTheLink() throws IOException {
    Path precious = Files.writeString(prefix.resolve("precious"), "keep\n");
    StateDirectory state = open();
    Files.createSymbolicLink(inState(FILE), precious);
    Files.createSymbolicLink(inState(OTHER), precious);
    Files.createSymbolicLink(inState(Path.of("other.new")), precious);
    assertThat(state.read(FILE, 10)).isEmpty();
    state.append(FILE, bytes("mine\n"));
    state.write(OTHER, bytes("mine too"));
    assertThat(precious).hasContent("keep\n");
    assertThat(inState(FILE)).isRegularFile().hasContent("mine\n");
    assertThat(Files.isSymbolicLink(inState(FILE))).isFalse();
    assertThat(inState(OTHER)).hasContent("mine too");
  }

  @Test
  void append_toAFileOfSomebodyElse_replacesIt() throws IOException {
    assumeThat(Files.getAttribute(prefix, "unix:uid")).as("needs root").isEqualTo(0);
    StateDirectory state = open();
    Files.writeString(inState(FILE), "theirs\n");
    Files.setAttribute(inState(FILE), "unix:uid", 65_534);
    assertThat(state.read(FILE, 10)).isEmpty();
    state.append(FILE, bytes("mine\n"));
    assertThat(inState(FILE)).hasContent("mine\n");
  }

  @Test
  void append_afterTheDirectoryWasDeleted_makesItAnew() throws IOException {
    StateDirectory state = open();
    state.append(FILE, bytes("one\n"));
    Files.delete(inState(FILE));
    Files.delete(prefix.resolve(NAME));
    state.append(FILE, bytes("two\n"));
    assertThat(inState(FILE)).hasContent("two\n");
    assertThat(mode(prefix.resolve(NAME))).matches("rwx(r-x|---)---");
  }

  @Test
  void append_afterTheDirectoryWasSwappedOrOpened_isRefused(@TempDir Path elsewhere)
      throws IOException {
    StateDirectory state = open();
    Path directory = prefix.resolve(NAME);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> state.append(FILE, bytes("one\n")))
        .isInstanceOf(StateDirectory.RefusedException.class);
    Files.delete(directory);
    Files.createSymbolicLink(directory, elsewhere);
    assertThatThrownBy(() -> state.append(FILE, bytes("one\n")))
        .isInstanceOf(StateDirectory.RefusedException.class);
    assertThatThrownBy(() -> state.write(FILE, bytes("one\n")))
        .isInstanceOf(StateDirectory.RefusedException.class);
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void rename_overAnother_replacesIt() throws IOException {
    StateDirectory state = open();
    state.write(FILE, bytes("new"));
    state.write(OTHER, bytes("old"));
    state.rename(FILE, OTHER);
    assertThat(state.read(OTHER, 10)).hasValue(bytes("new"));
    assertThat(state.read(FILE, 10)).isEmpty();
  }

  @Test
  void everything_manyTimes_leavesNoDescriptor() throws IOException {
    StateDirectory state = open();
    long before = descriptors();
    for (int i = 0; i < 50; i++) {
      state.append(FILE, bytes("one\n"));
      state.write(OTHER, bytes("two"));
      state.read(OTHER, 10);
      state.size(FILE);
    }
    assertThat(descriptors()).isLessThan(before + 25);
  }

  private static long descriptors() throws IOException {
    try (var entries = Files.list(Path.of("/proc/self/fd"))) {
      return entries.count();
    }
  }
}
