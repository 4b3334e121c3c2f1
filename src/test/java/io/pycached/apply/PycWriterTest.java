package io.pycached.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pycached.fs.Directory;
import io.pycached.layout.MirrorName;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.RawPath;
import io.pycached.testing.FaultyFileSystem;
import io.pycached.testing.FaultyFileSystem.Operation;
import io.pycached.testing.Interpreter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the real file system, but for what a kernel would have to be asked to refuse. */
final class PycWriterTest {
  private static final Path NAME = Path.of("m.cpython-312.pyc");
  private static final byte[] HEAD = {1, 2, 3};
  private static final byte[] BODY = {4, 5};

  /** From OWNER_READ, 0400, down to OTHERS_EXECUTE. */
  private static final List<PosixFilePermission> PERMISSIONS =
      List.of(PosixFilePermission.values());

  private @TempDir Path top;
  private Path prefix;
  private PosixFileAttributes source;
  private PycWriter writer;

  @BeforeEach
  void layOut() throws IOException {
    prefix = Files.createDirectory(top.toRealPath().resolve("p"));
    source = source("rw-r--r--");
    writer = writer(Access.DAEMON);
  }

  private PycWriter writer(Access access) {
    return new PycWriter(new PycachePrefix(prefix), access);
  }

  private PosixFileAttributes source(String permissions) throws IOException {
    Path file = Files.writeString(top.resolve("m.py"), "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return Files.readAttributes(file, PosixFileAttributes.class);
  }

  // What is written.

  @Test
  void write_toAMirrorThatIsThere_joinsThePieces() throws IOException {
    Path mirror = Files.createDirectories(prefix.resolve("srv/a"));
    writer.write(mirror, NAME, source, HEAD, BODY);
    assertThat(mirror.resolve(NAME)).hasBinaryContent(new byte[] {1, 2, 3, 4, 5});
    assertThat(names(mirror)).containsExactly(NAME.toString());
  }

  @Test
  void write_overAFile_replacesItByAnother() throws IOException {
    Path target = Files.write(prefix.resolve(NAME), new byte[100]);
    Path link = Files.createLink(top.resolve("hard"), target);
    writer.write(prefix, NAME, source, HEAD);
    assertThat(target).hasBinaryContent(HEAD);
    // Who has the old one open, or linked, keeps it whole.
    assertThat(link).hasBinaryContent(new byte[100]);
  }

  /** As import does; py_compile would refuse. */
  @Test
  void write_overASymbolicLink_replacesTheLinkAndNotItsTarget() throws IOException {
    Path elsewhere = Files.writeString(top.resolve("elsewhere"), "kept");
    Files.createSymbolicLink(prefix.resolve(NAME), elsewhere);
    writer.write(prefix, NAME, source, BODY);
    assertThat(elsewhere).hasContent("kept");
    assertThat(Files.isSymbolicLink(prefix.resolve(NAME))).isFalse();
    assertThat(prefix.resolve(NAME)).hasBinaryContent(BODY);
  }

  @Test
  void write_nameThatIsNotText_keepsItsBytes() throws IOException {
    String raw = "caf\u00e9\u00ff \n.cpython-312.pyc";
    Path name = RawPath.toPath(prefix.getFileSystem(), raw);
    Path directory = RawPath.toPath(prefix.getFileSystem(), "d\u00fe\n");
    writer.write(prefix.resolve(directory), name, source, BODY);
    assertThat(prefix.resolve(directory).resolve(name)).hasBinaryContent(BODY);
  }

  /** Column two is {@code _calc_mode} and the mode of {@code _write_atomic}, under umask 0. */
  @ParameterizedTest
  @CsvSource({
    "rw-r--r--, rw-r--r--",
    "r--r--r--, rw-r--r--",
    "rw-------, rw-------",
    "rwxr-xr-x, rw-r--r--",
    "rwxrwxrwx, rw-rw-rw-",
    "---------, -w-------",
    "--x--x--x, -w-------",
    "r-x------, rw-------",
    "---r---w-, -w-r---w-",
  })
  void permissions_ofASource_areThoseThatImportlibGives(String source, String bytecode) {
    assertThat(Access.USERS.permissions(PosixFilePermissions.fromString(source)))
        .isEqualTo(PosixFilePermissions.fromString(bytecode));
  }

  @Test
  void permissions_ofEveryMode_areThoseThatImportlibGives() throws Exception {
    List<Integer> expected = new ArrayList<>();
    List<Integer> actual = new ArrayList<>();
    try (Interpreter python = Interpreter.of(Interpreter.require("3.12"))) {
      python.define(
          """
          def mode(path, mode):
              import os
              path = path.decode()
              from importlib import _bootstrap_external as external
              os.chmod(path, mode)
              os.umask(0)
              external._write_atomic(path + 'c', b'x', external._calc_mode(path))
              return os.stat(path + 'c').st_mode & 0o7777
          """);
      Path source = Files.writeString(prefix.resolve("m.py"), "");
      for (int mode = 0; mode < 512; mode += 7) {
        byte[] path = source.toString().getBytes(StandardCharsets.UTF_8);
        expected.add(python.eval("mode(args[0], " + mode + ")", path).getAsInt());
        actual.add(mode(Access.USERS.permissions(permissions(mode))));
      }
    }
    assertThat(actual).isEqualTo(expected);
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = new TreeSet<>();
    for (PosixFilePermission each : PERMISSIONS) {
      if ((mode & 0400 >> PERMISSIONS.indexOf(each)) != 0) {
        permissions.add(each);
      }
    }
    return permissions;
  }

  private static int mode(Set<PosixFilePermission> permissions) {
    return permissions.stream().mapToInt(each -> 0400 >> PERMISSIONS.indexOf(each)).sum();
  }

  // Who may write, and who may read.

  @Test
  void write_byTheDaemonAlone_closesFilesAndMirrorsToOtherWriters() throws IOException {
    Path mirror = prefix.resolve("srv/a");
    writer.write(mirror, NAME, source("rw-rw-rw-"), BODY);
    assertThat(modeOf(mirror.resolve(NAME))).isEqualTo("rw-r--r--");
    assertThat(modeOf(mirror)).isEqualTo("rwxr-xr-x");
    assertThat(modeOf(prefix.resolve("srv"))).isEqualTo("rwxr-xr-x");
  }

  @Test
  void write_forAGroup_makesMirrorsThatHandTheGroupOn() throws IOException {
    Path mirror = prefix.resolve("srv/a");
    writer(Access.GROUP).write(mirror, NAME, source, BODY);
    for (Path made : List.of(mirror, prefix.resolve("srv"))) {
      assertThat((int) Files.getAttribute(made, "unix:mode") & 07777).isEqualTo(02770);
    }
  }

  @Test
  void write_newDirectoryWasLeftOpenToAll_makesAnother() throws IOException {
    Path left = Files.createDirectory(prefix.resolve(".pycached.new"));
    Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rwxrwxrwx"));
    writer.write(prefix.resolve("a"), NAME, source, BODY);
    assertThat(modeOf(prefix.resolve("a"))).isEqualTo("rwxr-xr-x");
  }

  @Test
  void write_newDirectoryWasLeftWithSomethingInIt_failsAndKeepsIt() throws IOException {
    Path kept =
        Files.writeString(
            Files.createDirectory(prefix.resolve(".pycached.new")).resolve("k"), "kept");
    assertThatThrownBy(() -> writer.write(prefix.resolve("a"), NAME, source, BODY))
        .hasMessageContaining("expected an empty directory");
    assertThat(kept).hasContent("kept");
  }

  /** Root gives the bytecode to those who may read the source. */
  @Test
  void write_privateSourceOfAnotherUser_isReadableToThemAndNobodyElse() throws IOException {
    assumeThat(Files.getAttribute(top, "unix:uid")).as("needs root").isEqualTo(0);
    source("rw-r-----");
    Files.setAttribute(top.resolve("m.py"), "unix:uid", 4321);
    Files.setAttribute(top.resolve("m.py"), "unix:gid", 4322);
    PosixFileAttributes theirs =
        Files.readAttributes(top.resolve("m.py"), PosixFileAttributes.class);
    writer.write(prefix, NAME, theirs, BODY);
    assertThat(Files.readAttributes(prefix.resolve(NAME), "unix:uid,gid,mode"))
        .containsEntry("uid", 4321)
        .containsEntry("gid", 4322)
        .containsEntry("mode", 0100640);
  }

  @Test
  void write_publicSourceOfAnotherUser_staysTheWriters() throws IOException {
    assumeThat(Files.getAttribute(top, "unix:uid")).as("needs root").isEqualTo(0);
    source("rw-r--r--");
    Files.setAttribute(top.resolve("m.py"), "unix:uid", 4321);
    writer.write(
        prefix, NAME, Files.readAttributes(top.resolve("m.py"), PosixFileAttributes.class), BODY);
    assertThat(Files.getAttribute(prefix.resolve(NAME), "unix:uid")).isEqualTo(0);
  }

  /** A symbolic link cannot be given away through its directory: as good a refusal as any. */
  @Test
  void write_privateSourceThatCannotBeServed_isNamedAndLeavesNothing() throws IOException {
    Readers readers = Readers.of(source("rw-------"));
    Path other = Files.createDirectory(top.resolve("other"));
    try (Directory directory = Directory.openFollowing(other)) {
      Files.createSymbolicLink(other.resolve(NAME), top.resolve("nowhere"));
      assumeThat(Files.getAttribute(top, "unix:uid")).as("needs root").isEqualTo(0);
      Files.setAttribute(other.resolve(NAME), "unix:uid", 4321, LinkOption.NOFOLLOW_LINKS);
      assertThatThrownBy(() -> readers.admit(directory, NAME))
          .isInstanceOf(PrivateSourceException.class)
          .hasMessageContaining(PrivateSourceException.REASON);
    }
  }

  private static String modeOf(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  // Mirrors that are not there.

  @Test
  void write_toAMirrorThatIsMissing_makesItAndNothingElse() throws IOException {
    Files.createDirectory(prefix.resolve("srv"));
    Path mirror = prefix.resolve("srv/a/b/c");
    writer.write(mirror, NAME, source, BODY);
    assertThat(mirror.resolve(NAME)).hasBinaryContent(BODY);
    assertThat(names(prefix)).containsExactly("srv");
  }

  @Test
  void write_newDirectoryWasLeftByAKilledProcess_isNoObstacle() throws IOException {
    Files.createDirectory(prefix.resolve(".pycached.new"));
    writer.write(prefix.resolve("a/b"), NAME, source, BODY);
    assertThat(prefix.resolve("a/b").resolve(NAME)).exists();
    assertThat(names(prefix)).containsExactly("a");
  }

  @Test
  void write_newDirectoryIsALink_failsAndLeavesWhatItLeadsTo() throws IOException {
    Path outside = Files.createDirectory(top.resolve("outside"));
    Files.createSymbolicLink(prefix.resolve(".pycached.new"), outside);
    assertThatThrownBy(() -> writer.write(prefix.resolve("a"), NAME, source, BODY))
        .isInstanceOf(NotDirectoryException.class);
    assertThat(outside).isEmptyDirectory();
    assertThat(prefix.resolve("a")).doesNotExist();
  }

  @Test
  void write_manyAtOnceToMissingMirrors_makesThemAll() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      Path mirror = prefix.resolve("a/b" + i % 3 + "/c" + i % 5);
      Path name = Path.of("m" + i + ".cpython-312.pyc");
      all.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  writer.write(mirror, name, source, HEAD, BODY);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              }));
    }
    all.forEach(CompletableFuture::join);
    assertThat(prefix).isDirectoryRecursivelyContaining("glob:**/m63.cpython-312.pyc");
    assertThat(prefix).isDirectoryNotContaining("glob:**/.pycached.new");
  }

  // What stays open between two files.

  @Test
  void write_mirrorWasMovedOutAndLinkedBack_isRefusedAndTouchesNothingOutside() throws IOException {
    Path mirror = prefix.resolve("srv/a");
    writer.write(mirror, NAME, source, HEAD);
    Path outside = Files.move(mirror, top.resolve("outside"));
    Files.createSymbolicLink(mirror, outside);
    assertThatThrownBy(() -> writer.write(mirror, NAME, source, BODY))
        .isInstanceOf(NotDirectoryException.class);
    assertThat(outside.resolve(NAME)).hasBinaryContent(HEAD);
    assertThat(names(outside)).containsExactly(NAME.toString());
  }

  @Test
  void write_parentWasMovedOutAndLinkedBack_isRefusedAndTouchesNothingOutside() throws IOException {
    Path mirror = prefix.resolve("srv/a");
    writer.write(mirror, NAME, source, HEAD);
    Path outside = Files.move(prefix.resolve("srv"), top.resolve("outside"));
    Files.createSymbolicLink(prefix.resolve("srv"), outside);
    assertThatThrownBy(() -> writer.write(mirror, NAME, source, BODY))
        .isInstanceOf(NotDirectoryException.class);
    assertThat(outside.resolve("a").resolve(NAME)).hasBinaryContent(HEAD);
  }

  @Test
  void write_anotherDirectoryTookTheMirrorsPlace_writesThere() throws IOException {
    Path mirror = prefix.resolve("srv/a");
    writer.write(mirror, NAME, source, HEAD);
    Path old = Files.move(mirror, prefix.resolve("srv/b"));
    Files.createDirectory(mirror);
    writer.write(mirror, NAME, source, BODY);
    assertThat(mirror.resolve(NAME)).hasBinaryContent(BODY);
    assertThat(old.resolve(NAME)).hasBinaryContent(HEAD);
  }

  @Test
  void write_toMoreMirrorsThanStayOpen_reachesThemAll() throws IOException {
    FaultyFileSystem counting = new FaultyFileSystem(top.getFileSystem());
    PycWriter writer = new PycWriter(new PycachePrefix(counting.wrap(prefix)), Access.DAEMON);
    Path name = counting.wrap(NAME);
    for (int round = 1; round <= 2; round++) {
      for (int i = 0; i <= 2 * Mirrors.MAX_KEPT; i++) {
        Path mirror = prefix.resolve("srv/" + i);
        byte[] text = {(byte) round, (byte) i};
        writer.write(counting.wrap(mirror), name, source, text);
        assertThat(mirror.resolve(NAME)).hasBinaryContent(text);
      }
    }
    assertThat(counting.open()).isEqualTo(Mirrors.MAX_KEPT);
    writer.rest();
    assertThat(counting.open()).isZero();
  }

  // What is in the way.

  @Test
  void write_linkToADirectoryOnTheWay_isRefused() throws IOException {
    Path outside = Files.createDirectory(top.resolve("outside"));
    Files.createSymbolicLink(prefix.resolve("srv"), outside);
    for (String mirror : List.of("srv", "srv/a")) {
      assertThatThrownBy(() -> writer.write(prefix.resolve(mirror), NAME, source, BODY))
          .isInstanceOf(NotDirectoryException.class);
    }
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void write_fileOnTheWay_isRefused() throws IOException {
    Path file = Files.writeString(prefix.resolve("srv"), "kept");
    assertThatThrownBy(() -> writer.write(prefix.resolve("srv/a"), NAME, source, BODY))
        .isInstanceOf(NotDirectoryException.class);
    assertThat(file).hasContent("kept");
    assertThat(names(prefix)).containsExactly("srv");
  }

  @Test
  void write_directoryOfTheFilesName_failsAndLeavesNoTemporary() throws IOException {
    Path kept = Files.writeString(Files.createDirectory(prefix.resolve(NAME)).resolve("k"), "kept");
    assertThatThrownBy(() -> writer.write(prefix, NAME, source, BODY))
        .isInstanceOf(FileSystemException.class);
    assertThat(kept).hasContent("kept");
    assertThat(names(prefix)).containsExactly(NAME.toString());
  }

  @Test
  void write_prefixIsGone_fails() throws IOException {
    Files.delete(prefix);
    assertThatThrownBy(() -> writer.write(prefix.resolve("a"), NAME, source, BODY))
        .isInstanceOf(IOException.class);
    assertThat(prefix).doesNotExist();
  }

  // Failures.

  /** Empty mirrors are removed at any time, also between being opened and being written to. */
  @Test
  void write_mirrorIsRemovedMeanwhile_makesItAnew() throws IOException {
    FaultyFileSystem faulty = new FaultyFileSystem(top.getFileSystem());
    Path mirror = Files.createDirectories(prefix.resolve("srv/shop/a"));
    AtomicBoolean removed = new AtomicBoolean();
    faulty.fault(
        (operation, path) -> {
          if (operation == Operation.CREATE && removed.compareAndSet(false, true)) {
            Files.delete(mirror);
          }
        });
    PycWriter writer = new PycWriter(new PycachePrefix(faulty.wrap(prefix)), Access.DAEMON);
    writer.write(faulty.wrap(mirror), faulty.getPath("m.pyc"), source, new byte[] {1, 2, 3});
    assertThat(removed).isTrue();
    assertThat(mirror.resolve("m.pyc")).hasBinaryContent(new byte[] {1, 2, 3});
    writer.rest();
    assertThat(faulty.open()).isZero();
  }

  @Test
  void write_diskIsFull_failsAndNeverShowsTheName() throws IOException {
    FaultyFileSystem faulty = new FaultyFileSystem(prefix.getFileSystem());
    List<MirrorName> begun = new ArrayList<>();
    faulty.fault(
        (operation, path) -> {
          if (operation == Operation.CREATE) {
            begun.add(MirrorName.parse(path.getFileName().toString()));
            throw new FileSystemException(path.toString(), null, "No space left on device");
          }
        });
    PycWriter full = new PycWriter(new PycachePrefix(faulty.wrap(prefix)), Access.DAEMON);
    assertThatThrownBy(() -> full.write(faulty.wrap(prefix), faulty.wrap(NAME), source, BODY))
        .hasMessageContaining("No space left");
    assertThat(begun)
        .singleElement()
        .isInstanceOfSatisfying(
            MirrorName.Temporary.class, temporary -> assertThat(temporary.isOwn()).isTrue());
    assertThat(names(prefix)).isEmpty();
    assertThat(faulty.open()).isZero();
  }

  @Test
  void probe_anything_leavesNothing() throws IOException {
    assertThat(writer.probe()).isEmpty();
    assertThat(names(prefix)).isEmpty();
  }

  @Test
  void probe_diskIsFull_saysSo() throws IOException {
    FileSystem real = prefix.getFileSystem();
    FaultyFileSystem faulty = new FaultyFileSystem(real);
    PycWriter full = new PycWriter(new PycachePrefix(faulty.wrap(prefix)), Access.DAEMON);
    faulty.fault(
        (operation, path) -> {
          if (operation == Operation.CREATE) {
            throw new FileSystemException(path.toString(), null, "Read-only file system");
          }
        });
    Optional<IOException> answer = full.probe();
    assertThat(answer).get().asString().contains("Read-only file system");
    faulty.fault((operation, path) -> {});
    assertThat(full.probe()).isEmpty();
    assertThat(names(prefix)).isEmpty();
    assertThat(faulty.open()).isZero();
  }

  /** Left by one that was killed in its midst. */
  @Test
  void probe_whatAnEarlierOneLeft_isNoProblem() throws IOException {
    Files.write(prefix.resolve(".pycached.probe"), new byte[17]);
    assertThat(writer.probe()).isEmpty();
    assertThat(names(prefix)).isEmpty();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
