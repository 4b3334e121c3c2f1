package io.pycached.survey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pycached.pyc.Invalidation;
import io.pycached.testing.Interpreter;
import io.pycached.testing.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a source counts as gone, and above all when not. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OrphanTest {
  private static final String NAME = "m.cpython-312.pyc";

  private @TempDir Path top;
  private Workplace work;

  @BeforeEach
  void layOut() throws IOException {
    work = Workplace.in(top);
  }

  private void bytecode(String name) throws IOException {
    work.bytecode(name, Workplace.timestamped(7, 8));
  }

  // The project's root.

  @ParameterizedTest
  @CsvSource({
    "missing,  is not there",
    "empty,    'is empty, as an unmounted disk leaves it'",
    "file,     is not a directory",
    "dangling, is not there",
  })
  void survey_withoutTheProjectsRoot_isNoProof(String what, String why) throws IOException {
    bytecode("a/" + NAME);
    bytecode(NAME);
    Path root = work.project();
    switch (what) {
      case "missing" -> Files.delete(root);
      case "empty" -> assertThat(root).isEmptyDirectory();
      case "file" -> Files.write(Files.createFile(deleted(root)), new byte[1]);
      default -> Files.createSymbolicLink(deleted(root), Path.of("nowhere"));
    }
    for (String below : List.of("", "a")) {
      MirrorFile file = work.onlyFile(below);
      assertThat(file.verdict()).isEqualTo(Verdict.PROJECT_VANISHED);
      assertThat(file.detail()).isEqualTo(root + " " + why);
      assertThat(work.survey(below, false).sourceProvablyGone()).isFalse();
    }
  }

  private static Path deleted(Path path) throws IOException {
    Files.delete(path);
    return path;
  }

  // Below it.

  @Test
  void survey_ofAMissingSource_isOrphaned() throws IOException {
    work.source("other.py", "");
    bytecode(NAME);
    MirrorFile file = work.onlyFile();
    assertThat(file.verdict()).isEqualTo(Verdict.ORPHANED);
    assertThat(file.detail()).isEqualTo("none of m.py, m.pyw, .m is in " + work.project());
    assertThat(file.source()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "gone/deeper", "file", "file/deeper"})
  void survey_ofAMissingDirectory_isOrphaned(String below) throws IOException {
    work.source("file", "not a directory");
    bytecode(below + "/" + NAME);
    MirrorFile file = work.onlyFile(below);
    assertThat(file.verdict()).isEqualTo(Verdict.ORPHANED);
    assertThat(file.detail())
        .isEqualTo("its directory " + work.project().resolve(below) + " is gone");
    assertThat(work.survey(below, false).sourceProvablyGone()).isTrue();
  }

  @Test
  void survey_ofADanglingLinkInTheSourcesPlace_isNoProof() throws IOException {
    Files.createSymbolicLink(work.project().resolve("m.py"), Path.of("/mnt/unmounted/m.py"));
    bytecode(NAME);
    MirrorFile file = work.onlyFile();
    assertThat(file.verdict()).isEqualTo(Verdict.SOURCE_UNREADABLE);
    assertThat(file.detail())
        .isEqualTo(work.project().resolve("m.py") + " is a dangling symbolic link");
  }

  @ParameterizedTest
  @ValueSource(strings = {"link", "link/deeper", "loop"})
  void survey_belowADanglingLink_isNoProof(String below) throws IOException {
    Files.createSymbolicLink(work.project().resolve("link"), Path.of("/mnt/unmounted"));
    Files.createSymbolicLink(work.project().resolve("loop"), Path.of("loop"));
    bytecode(below + "/" + NAME);
    assertThat(work.onlyFile(below).verdict()).isEqualTo(Verdict.SOURCE_UNREADABLE);
    assertThat(work.survey(below, false).sourceProvablyGone()).isFalse();
  }

  @Test
  void survey_belowALinkToADirectory_judgesWhatIsThere() throws IOException {
    Path elsewhere = Files.createDirectory(top.resolve("elsewhere"));
    Path source = Files.writeString(elsewhere.resolve("m.py"), "answer = 42\n");
    Files.createSymbolicLink(work.project().resolve("link"), elsewhere);
    work.bytecode("link/" + NAME, Workplace.hashed(source, true));
    work.bytecode("link/gone.cpython-312.pyc", Workplace.timestamped(7, 8));
    assertThat(work.survey("link", false).files())
        .extracting(MirrorFile::verdict)
        .containsExactly(Verdict.ORPHANED, Verdict.FRESH);
  }

  @Test
  void survey_whereNoProjectVouches_isNoProof() throws IOException {
    work.source("a/here.py", "answer = 42\n");
    bytecode("a/" + NAME);
    bytecode("gone/" + NAME);
    for (String below : List.of("a", "gone")) {
      DirectoryPair pair = work.pair(below);
      Survey survey =
          Workplace.survey(pair, SourceSide.unclaimed(pair.directory(), Voucher.NOBODY), false);
      assertThat(survey.files())
          .extracting(MirrorFile::verdict)
          .containsExactly(Verdict.SOURCE_UNREADABLE);
      assertThat(survey.files().get(0).detail()).contains("no project vouches for");
      assertThat(survey.sourceProvablyGone()).isFalse();
    }
  }

  @Test
  void survey_ofMirrorsThatAreNotThere_isEmpty() throws IOException {
    work.source("a/m.py", "");
    Survey survey = work.survey("a", false);
    assertThat(survey.files()).isEmpty();
    assertThat(survey.mirror()).isEqualTo(Optional.empty());
    assertThat(survey.listing().sources()).isEqualTo(1);
  }

  // What permissions hide. Root sees everything, so a child does without that power.

  @Test
  void survey_ofWhatMayNotBeRead_isNoProof() throws Exception {
    work.source("other.py", "");
    work.source("closed/m.py", "");
    work.source("listed/m.py", "");
    Path secret = work.source("secret.py", "answer = 42\n");
    for (String below : List.of("closed/", "closed/deeper/", "listed/")) {
      bytecode(below + "gone.cpython-312.pyc");
    }
    work.bytecode("secret.cpython-312.pyc", Workplace.hashed(secret, true));
    Path unreadable = work.bytecode("other.cpython-312.pyc", Workplace.timestamped(7, 8));
    Path lost = work.bytecode("lost.cpython-312.pyc", Workplace.timestamped(7, 8));
    mode(work.project().resolve("closed"), "---------");
    mode(work.project().resolve("listed"), "r--------");
    for (Path file : List.of(secret, unreadable, lost)) {
      mode(file, "---------");
    }
    try {
      assertThat(surveyed("closed")).containsExactly("gone.cpython-312.pyc SOURCE_UNREADABLE");
      assertThat(surveyed("closed/deeper"))
          .containsExactly("gone.cpython-312.pyc SOURCE_UNREADABLE");
      assertThat(surveyed("listed")).containsExactly("gone.cpython-312.pyc SOURCE_UNREADABLE");
      assertThat(surveyed(""))
          .containsExactly(
              "lost.cpython-312.pyc SOURCE_UNREADABLE",
              "other.cpython-312.pyc SOURCE_UNREADABLE",
              "secret.cpython-312.pyc SOURCE_UNREADABLE");
      mode(work.project(), "---------");
      assertThat(surveyed("closed")).containsExactly("gone.cpython-312.pyc SOURCE_UNREADABLE");
    } finally {
      mode(work.project(), "rwx------");
      mode(work.project().resolve("closed"), "rwx------");
      mode(work.project().resolve("listed"), "rwx------");
    }
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  /** The verdicts of a survey by a process that permissions hold for. */
  private List<String> surveyed(String below) throws Exception {
    List<String> powerless = List.of();
    if ("root".equals(System.getProperty("user.name"))) {
      powerless =
          List.of(
              "setpriv",
              "--bounding-set=-dac_override,-dac_read_search",
              "--inh-caps=-dac_override,-dac_read_search");
      Process probe = process(powerless, "true").start();
      assumeThat(probe.waitFor()).as("setpriv").isZero();
    }
    Process child = Jvm.of(powerless, PowerlessSurvey.class, work.top().toString(), below).start();
    List<String> lines = new String(child.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(child.waitFor()).isZero();
    return lines;
  }

  private static ProcessBuilder process(List<String> before, String command) {
    List<String> words = new ArrayList<>(before);
    words.add(command);
    return new ProcessBuilder(words);
  }

  // Other ways to a source, as a real interpreter takes them.

  private void importing(String path, String module) throws Exception {
    try (Interpreter python = Interpreter.of(Interpreter.require("3.12"))) {
      python.eval(
          "exec('import sys\\nsys.dont_write_bytecode = False\\n"
              + "sys.pycache_prefix = args[0].decode()\\n"
              + "sys.path.insert(0, args[1].decode())\\n__import__(args[2].decode())')",
          work.prefix().toString().getBytes(UTF_8),
          path.getBytes(UTF_8),
          module.getBytes(UTF_8));
    }
  }

  @Test
  void survey_ofBytecodeThatGotThereThroughDots_isNoOrphan() throws Exception {
    work.source("other.py", "");
    work.source("app/start.py", "");
    Path outside = Files.createDirectories(top.resolve("outside/real/pkg"));
    Files.writeString(outside.resolve("m.py"), "answer = 42\n");
    Files.createDirectory(top.resolve("outside/bin"));
    Path link = work.project().resolve("app/link");
    Files.createSymbolicLink(link, top.resolve("outside/bin"));
    importing(link + "/../real/pkg", "m");
    String below = "app/real/pkg";
    assertThat(work.mirror().resolve(below).resolve(NAME)).isRegularFile();
    assertThat(work.project().resolve(below)).doesNotExist();
    MirrorFile file = work.onlyFile(below);
    assertThat(file.verdict()).isEqualTo(Verdict.SOURCE_UNREADABLE);
    assertThat(file.detail()).contains("app/link/../real/pkg/m.py");

    // Its disk is gone: no proof. The source itself is gone: proof.
    Files.move(top.resolve("outside"), top.resolve("unmounted"));
    assertThat(work.onlyFile(below).verdict()).isEqualTo(Verdict.SOURCE_UNREADABLE);
    Files.move(top.resolve("unmounted"), top.resolve("outside"));
    Files.delete(outside.resolve("m.py"));
    assertThat(work.onlyFile(below).verdict()).isEqualTo(Verdict.ORPHANED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"m.txt", "m.pyx", "m.v2.txt", "m."})
  void survey_ofBytecodeOfAnUncommonExtension_isNoOrphan(String name) throws Exception {
    work.source("other.py", "");
    Path source = work.source(name, "answer = 42\n");
    compiled(source, source.toString());
    MirrorFile file = work.onlyFile();
    assertThat(file.verdict()).isEqualTo(Verdict.SOURCE_UNREADABLE);
    assertThat(file.detail()).contains(source.toString());
    Files.delete(source);
    assertThat(work.onlyFile().verdict()).isEqualTo(Verdict.ORPHANED);
    Files.createSymbolicLink(source, Path.of("/mnt/unmounted/m.txt"));
    assertThat(work.onlyFile().verdict()).isEqualTo(Verdict.SOURCE_UNREADABLE);
  }

  @Test
  void survey_ofAProjectSeenElsewhere_looksWhereItIsSeen() throws Exception {
    work.source("other.py", "");
    Path source = work.source("m.txt", "answer = 42\n");
    compiled(source, "/srv/project/m.txt");
    Path inside = Path.of("/srv/project");
    DirectoryPair pair = new DirectoryPair(inside, work.project(), work.mirror());
    assertThat(verdicts(pair)).containsExactly(Verdict.SOURCE_UNREADABLE);
    Files.delete(source);
    assertThat(verdicts(pair)).containsExactly(Verdict.ORPHANED);
    // Through dots it may be anywhere in the interpreter's world, which is not ours.
    work.source("m.txt", "answer = 42\n");
    compiled(source, "/srv/project/bin/../m.txt");
    Files.delete(source);
    assertThat(verdicts(pair)).containsExactly(Verdict.SOURCE_UNREADABLE);
  }

  private List<Verdict> verdicts(DirectoryPair pair) throws IOException {
    SourceSide side = SourceSide.ofRoot(work.project());
    return Workplace.survey(pair, side, false).files().stream().map(MirrorFile::verdict).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m.py",
        "/elsewhere/m.txt",
        "<string>",
        "",
        "/",
        "/m.txt",
        "//m.txt",
        "TOP/project/other.txt",
        "TOP/project/m.py",
        "TOP/project/sub/m.txt",
        "TOP/project/\u00e9\u0001/../m.txt",
        "TOP/project/m.txt/",
      })
  void survey_ofBytecodeWhoseFilenameLeadsNowhere_isOrphaned(String filename) throws Exception {
    Path other = work.source("other.py", "answer = 42\n");
    work.source("other.txt", "");
    compiled(other, filename.replace("TOP", work.top().toString()));
    Path cached = work.mirror().resolve("other.cpython-312.pyc");
    Files.move(cached, work.mirror().resolve(NAME));
    assertThat(work.onlyFile().verdict()).isEqualTo(Verdict.ORPHANED);
  }

  /** Names that no path can have are possible in bytecode, by malice only. */
  @ParameterizedTest
  @ValueSource(strings = {"TOP/project/x\\0/../m.txt", "TOP/project/\\xe9\\0/../m.txt"})
  void survey_ofBytecodeWhoseFilenameIsNoPath_isOrphaned(String filename) throws Exception {
    work.source("other.py", "");
    try (Interpreter python = Interpreter.of(Interpreter.require("3.12"))) {
      String body =
          python
              .eval(
                  "__import__('marshal').dumps(compile('', 'x', 'exec').replace(co_filename='%s'))"
                          .formatted(filename.replace("TOP", work.top().toString()))
                      + ".hex()")
              .getAsString();
      byte[] bytes = HexFormat.of().parseHex(body);
      work.bytecode(NAME, Workplace.file(new Invalidation.Timestamp(7, 8), bytes));
    }
    assertThat(work.onlyFile().verdict()).isEqualTo(Verdict.ORPHANED);
  }

  /** Compiles into the place that the interpreter would look in, with a filename of our choice. */
  private void compiled(Path source, String filename) throws Exception {
    try (Interpreter python = Interpreter.of(Interpreter.require("3.12"))) {
      python.eval(
          "exec('import sys, py_compile, importlib.util as u\\n"
              + "sys.pycache_prefix = args[0].decode()\\n"
              + "py_compile.compile(args[1].decode(), doraise=True, dfile=args[2].decode(),"
              + " cfile=u.cache_from_source(args[1].decode()))')",
          work.prefix().toString().getBytes(UTF_8),
          source.toString().getBytes(UTF_8),
          filename.getBytes(UTF_8));
    }
  }
}
