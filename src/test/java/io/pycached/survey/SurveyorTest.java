package io.pycached.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pycached.fs.Directory;
import io.pycached.fs.FileStamp;
import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a real disk: FIFOs, devices, sparse files. What hangs, fails. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SurveyorTest {
  private static final String NAME = "m.cpython-312.pyc";

  private @TempDir Path top;
  private Workplace work;

  @BeforeEach
  void layOut() throws IOException {
    work = Workplace.in(top);
  }

  // What stands in the place of bytecode.

  @Test
  void survey_ofNoRegularFiles_isForeign() throws Exception {
    Path source = work.source("m.py", "answer = 42\n");
    Path elsewhere = Files.write(top.resolve("elsewhere"), Workplace.timestamped(source));
    make("mkfifo", work.mirror().resolve("fifo.cpython-312.pyc").toString());
    Files.createSymbolicLink(work.mirror().resolve("link.cpython-312.pyc"), elsewhere);
    Files.createSymbolicLink(work.mirror().resolve("loop.cpython-312.pyc"), Path.of("loop.pyc"));
    Path socket = Path.of("socket.cpython-312.pyc");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      // A socket's path must be short, a rename need not be.
      server.bind(UnixDomainSocketAddress.of(top.resolve("s")));
      Files.move(top.resolve("s"), work.mirror().resolve(socket));
      Files.createDirectory(work.mirror().resolve("directory.cpython-312.pyc"));
      Survey survey = work.survey("", true);
      assertThat(survey.files()).hasSize(4);
      assertThat(survey.files())
          .allSatisfy(
              file -> {
                assertThat(file.verdict()).isEqualTo(Verdict.FOREIGN);
                assertThat(file.meaning()).isEqualTo(new MirrorName.Foreign());
                assertThat(file.stamp().isRegular()).isFalse();
              });
      assertThat(survey.mirrorDirectories()).containsExactly(Path.of("directory.cpython-312.pyc"));
    }
  }

  @Test
  void survey_ofADevice_isForeign() throws Exception {
    Path device = work.mirror().resolve(NAME);
    Process mknod = new ProcessBuilder("mknod", device.toString(), "c", "1", "5").start();
    assumeThat(mknod.waitFor()).as("mknod").isZero();
    work.source("m.py", "");
    assertThat(work.onlyFile().verdict()).isEqualTo(Verdict.FOREIGN);
  }

  @Test
  void survey_ofASparseFileOf4GiB_readsItsHeaderOnly() throws IOException {
    Path source = work.source("m.py", "answer = 42\n");
    Path huge = work.bytecode(NAME, Workplace.timestamped(source));
    Path orphan = work.bytecode("gone.cpython-312.pyc", Workplace.timestamped(7, 8));
    for (Path file : List.of(huge, orphan)) {
      try (RandomAccessFile sparse = new RandomAccessFile(file.toString(), "rw")) {
        sparse.setLength(1L << 32);
      }
    }
    List<MirrorFile> files = work.survey("", true).files();
    assertThat(files)
        .extracting(MirrorFile::verdict)
        .containsExactly(Verdict.ORPHANED, Verdict.FRESH);
    assertThat(files.get(1).bytes()).isEqualTo(1L << 32);
  }

  @Test
  void survey_ofManyFiles_tellsNamesSortedWithTheirEvidence() throws IOException {
    Path source = work.source("b.py", "answer = 42\n");
    FileTime mtime = FileTime.from(Instant.ofEpochSecond(1_700_000_000L));
    Files.setLastModifiedTime(source, mtime);
    work.bytecode("b.cpython-312.pyc", Workplace.timestamped(1_700_000_000, 12));
    work.bytecode("b.cpython-312.opt-1.pyc", Workplace.timestamped(1_600_000_000, 12));
    work.bytecode("a.txt", new byte[3]);
    work.source("sub/x.py", "");
    work.source("Makefile", "");
    Files.createSymbolicLink(work.project().resolve("link"), work.project().resolve("sub"));
    Files.createDirectory(work.mirror().resolve("gone"));
    Survey survey = work.survey("", false);
    assertThat(survey.mirrorDirectories()).containsExactly(Path.of("gone"));
    assertThat(survey.files())
        .extracting(file -> file.name().toString())
        .containsExactly("a.txt", "b.cpython-312.opt-1.pyc", "b.cpython-312.pyc");
    assertThat(survey.files())
        .extracting(MirrorFile::verdict)
        .containsExactly(Verdict.FOREIGN, Verdict.STALE_MTIME, Verdict.FRESH);
    assertThat(survey.files().get(1).detail())
        .isEqualTo(
            "header says the source is of 2020-09-13T12:26:40Z, it is of 2023-11-14T22:13:20Z");
    assertThat(survey.files().get(2).source().map(SourceFile::path)).hasValue(source);
    assertThat(survey.files().get(2).source().map(found -> found.stamp().mtime())).hasValue(mtime);
    assertThat(survey.listing().sources()).isEqualTo(1);
    assertThat(survey.listing().directories()).containsExactly(Path.of("sub"));
    assertThat(survey.sourceProvablyGone()).isFalse();
  }

  // Names.

  @Test
  void survey_ofForeignNames_findsTheirSources() throws IOException {
    for (String raw : List.of("caf\u00e9", "\u00c3\u00a9", "two\nlines", "\u00ff")) {
      Path name = RawPath.toPath(top.getFileSystem(), raw + ".py");
      Path source = Files.writeString(work.project().resolve(name), "x = 1\n");
      Path cached = RawPath.toPath(top.getFileSystem(), raw + ".cpython-312.pyc");
      Files.write(work.mirror().resolve(cached), Workplace.hashed(source, true));
    }
    assertThat(work.survey("", false).files())
        .hasSize(4)
        .allSatisfy(file -> assertThat(file.verdict()).isEqualTo(Verdict.FRESH));
  }

  @Test
  void survey_ofTheLoserOfTwoSources_findsTheOther() throws IOException {
    work.source("foo.py", "console = 1\n");
    Path windowed = work.source("foo.pyw", "windowed = 22\n");
    work.bytecode("foo.cpython-312.pyc", Workplace.timestamped(windowed));
    MirrorFile file = work.survey("", false).files().get(0);
    assertThat(file.verdict()).isEqualTo(Verdict.FRESH);
    assertThat(file.source().map(SourceFile::path)).hasValue(windowed);
    Files.writeString(windowed, "windowed = 333\n");
    file = work.survey("", false).files().get(0);
    assertThat(file.verdict().state()).isEqualTo(State.STALE);
    assertThat(file.source().map(SourceFile::path)).hasValue(work.project().resolve("foo.py"));
  }

  @Test
  void survey_ofAnExtensionlessScriptAndADotFile_findsThem() throws IOException {
    Path script = work.source("script", "x = 1\n");
    Path dot = work.source(".py", "x = 22\n");
    work.bytecode("scriptcpython-312.pyc", Workplace.timestamped(script));
    work.bytecode("py.cpython-312.pyc", Workplace.timestamped(dot));
    assertThat(work.survey("", false).files())
        .extracting(file -> file.source().map(SourceFile::path).orElseThrow())
        .containsExactly(dot, script);
  }

  // Sources that are not plain files.

  @Test
  void survey_withAFifoAsSource_isUnverifiable() throws Exception {
    work.source("other.py", "");
    make("mkfifo", work.project().resolve("m.py").toString());
    for (byte[] bytes :
        List.of(Workplace.timestamped(7, 0), Workplace.hashed(work.source("x", ""), true))) {
      work.bytecode(NAME, bytes);
      MirrorFile file = work.onlyFile();
      assertThat(file.verdict()).isEqualTo(Verdict.SOURCE_UNREADABLE);
      assertThat(file.detail()).endsWith("m.py is not a regular file");
    }
  }

  @Test
  void survey_withALinkAsSource_judgesWhatItStandsFor() throws IOException {
    Path real = Files.writeString(top.resolve("real.py"), "answer = 42\n");
    Files.createSymbolicLink(work.project().resolve("m.py"), real);
    work.bytecode(NAME, Workplace.hashed(real, true));
    assertThat(work.survey("", false).files().get(0).verdict()).isEqualTo(Verdict.FRESH);
    Files.writeString(real, "answer = 43\n");
    assertThat(work.survey("", false).files().get(0).verdict())
        .isEqualTo(Verdict.STALE_SOURCE_HASH);
  }

  @Test
  void survey_withADirectoryAsSource_isUnverifiable() throws IOException {
    work.source("m.py/x", "");
    work.bytecode(NAME, Workplace.timestamped(7, 8));
    assertThat(work.onlyFile().verdict()).isEqualTo(Verdict.SOURCE_UNREADABLE);
  }

  // Ages and fingerprints.

  @Test
  void changed_ofAnOrphanWithItsTimePutBack_isItsCtime() throws IOException {
    work.source("other.py", "");
    Instant before = Instant.now().minus(Duration.ofSeconds(5));
    Path orphan = work.bytecode(NAME, Workplace.timestamped(7, 8));
    Files.setLastModifiedTime(orphan, FileTime.from(Instant.EPOCH));
    MirrorFile file = work.onlyFile();
    assertThat(file.verdict()).isEqualTo(Verdict.ORPHANED);
    assertThat(file.changed().toInstant()).isAfter(before);
    assertThat(file.stamp().mtime().toInstant()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void fingerprint_ofASettledPair_fitsUntilItsSourcesOrDirectoriesChange() throws IOException {
    Path source = work.source("m.py", "answer = 42\n");
    work.bytecode(NAME, Workplace.timestamped(source));
    Fingerprint first = fingerprint(Duration.ofMinutes(1)).orElseThrow();
    assertThat(first.sources()).isEqualTo("m.py/");
    assertThat(fingerprint(Duration.ofMinutes(2))).hasValue(first);
    assertThat(fits(first)).isTrue();
    Files.setLastModifiedTime(source, FileTime.from(Instant.ofEpochSecond(1_700_000_000L, 5)));
    assertThat(fits(first)).isFalse();
    Fingerprint touched = fingerprint(Duration.ofMinutes(1)).orElseThrow();
    assertThat(fits(touched)).isTrue();
    Files.setLastModifiedTime(source, FileTime.from(Instant.ofEpochSecond(1_700_000_000L, 6)));
    assertThat(fits(touched)).isFalse();
    Fingerprint again = fingerprint(Duration.ofMinutes(1)).orElseThrow();
    work.bytecode("n.cpython-312.pyc", Workplace.timestamped(7, 8));
    assertThat(fits(again)).isFalse();
  }

  /** A name that no file has any more, and whose directory's time was put back. */
  @Test
  void fingerprint_ofAPairWithoutItsSource_fitsNot() throws IOException {
    Path source = work.source("m.py", "answer = 42\n");
    work.bytecode(NAME, Workplace.timestamped(source));
    Fingerprint before = fingerprint(Duration.ofMinutes(1)).orElseThrow();
    FileTime time = Files.getLastModifiedTime(work.project());
    Files.delete(source);
    Files.createDirectory(source);
    Files.setLastModifiedTime(work.project(), time);
    assertThat(fits(before)).isFalse();
    Files.delete(source);
    Files.setLastModifiedTime(work.project(), time);
    assertThat(fits(before)).isFalse();
  }

  @Test
  void fingerprint_ofNamesThatAreNotAscii_fits() throws IOException {
    Path source = work.source("zürich\n.py", "answer = 42\n");
    work.bytecode("zürich\n.cpython-312.pyc", Workplace.timestamped(source));
    Fingerprint fingerprint = fingerprint(Duration.ofMinutes(1)).orElseThrow();
    assertThat(fits(fingerprint)).isTrue();
    Files.writeString(source, "answer = 4711\n");
    assertThat(fits(fingerprint)).isFalse();
  }

  @Test
  void fingerprint_ofAPairThatJustChanged_isNothing() throws IOException {
    work.source("m.py", "answer = 42\n");
    assertThat(fingerprint(Duration.ZERO)).isEmpty();
  }

  /** Taken so much later than now. */
  private Optional<Fingerprint> fingerprint(Duration later) throws IOException {
    Surveyor surveyor =
        new Surveyor(
            new SourceHashes(10),
            BodyCheck.NEVER,
            InstantSource.offset(InstantSource.system(), later));
    SourceSide side = SourceSide.ofRoot(work.project());
    try (Directory mirror = Directory.openFollowing(work.mirror())) {
      return surveyor
          .survey(work.pair(""), side, Optional.of(mirror), Optional.empty())
          .fingerprint();
    }
  }

  private boolean fits(Fingerprint fingerprint) throws IOException {
    return fingerprint.fits(
        SourceSide.ofRoot(work.project()), Optional.of(FileStamp.of(work.mirror())));
  }

  @Test
  void surveyFile_ofOneName_isTheSameVerdict() throws IOException {
    Path source = work.source("m.py", "answer = 42\n");
    work.bytecode(NAME, Workplace.timestamped(source));
    // No read moves an access time that is later than the change (relatime): both see the same.
    FileTime later = FileTime.from(Instant.now().plusSeconds(3600));
    Files.getFileAttributeView(work.mirror().resolve(NAME), BasicFileAttributeView.class)
        .setTimes(null, later, null);
    Files.createDirectory(work.mirror().resolve("d"));
    Surveyor surveyor = new Surveyor(new SourceHashes(10), BodyCheck.NEVER, InstantSource.system());
    SourceSide side = SourceSide.ofRoot(work.project());
    try (Directory mirror = Directory.openFollowing(work.mirror())) {
      assertThat(surveyor.surveyFile(work.pair(""), side, mirror, Path.of(NAME)))
          .hasValue(work.survey("", false).files().get(0));
      assertThat(surveyor.surveyFile(work.pair(""), side, mirror, Path.of("absent.pyc"))).isEmpty();
      assertThat(surveyor.surveyFile(work.pair(""), side, mirror, Path.of("d"))).isEmpty();
    }
  }

  @Test
  void sourceHash_ofAnEditWithTheTimePutBack_isComputedAgain() throws IOException {
    Path source = work.source("m.py", "answer = 42\n");
    FileTime mtime = Files.getLastModifiedTime(source);
    work.bytecode(NAME, Workplace.hashed(source, true));
    Surveyor surveyor = new Surveyor(new SourceHashes(10), BodyCheck.NEVER, InstantSource.system());
    assertThat(verdict(surveyor)).isEqualTo(Verdict.FRESH);
    FileStamp before = stamp(source);
    try (FileChannel channel = FileChannel.open(source, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {'A'}));
    }
    Files.setLastModifiedTime(source, mtime);
    assertThat(stamp(source)).isEqualTo(before);
    assertThat(verdict(surveyor)).isEqualTo(Verdict.STALE_SOURCE_HASH);
  }

  private FileStamp stamp(Path file) throws IOException {
    try (Directory directory = Directory.openFollowing(work.project())) {
      return directory.stamp(file.getFileName());
    }
  }

  private Verdict verdict(Surveyor surveyor) throws IOException {
    SourceSide side = SourceSide.ofRoot(work.project());
    try (Directory mirror = Directory.openFollowing(work.mirror())) {
      return surveyor
          .surveyFile(work.pair(""), side, mirror, Path.of(NAME))
          .orElseThrow()
          .verdict();
    }
  }

  private static void make(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }
}
