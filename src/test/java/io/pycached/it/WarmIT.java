package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import io.pycached.admin.AdminClient;
import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import io.pycached.testing.Interpreter;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A live daemon makes the bytecode before anybody imports the module. */
final class WarmIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String ALL = "warm = \"all\"\nvariants = [\"cpython-312\"]\n";

  /** A worker that ends itself when a source says so, and a probe like any other's. */
  private static final String MORTAL =
      """
      #!%1$s -IS
      import os, sys
      words = [
          word.replace('code = compile(', "code = source.count(b'die') and os._exit(7) or compile(", 1)
          for word in sys.argv[1:]
      ]
      os.execv('%1$s', ['%1$s'] + words)
      """;

  private static final String STORM =
      """
      import os, random, sys
      root, seed = sys.argv[1], int(sys.argv[2])
      chance = random.Random(seed)
      print('begun', flush=True)
      while True:
          name = os.path.join(root, 'm%d.py' % chance.randrange(60))
          with open(name + '.tmp', 'w') as out:
              out.write('x = %d\\n' % chance.randrange(10 ** chance.randrange(1, 9)))
          os.replace(name + '.tmp', name)
      """;

  @TempDir Path directory;
  private Site site;
  private @Nullable PycachedDaemon started;
  private @Nullable Path mounted;

  @BeforeEach
  void layOut() throws Exception {
    site = Site.in(directory);
  }

  @AfterEach
  void stop() throws Exception {
    if (started != null) {
      started.close();
    }
    Path prefix = mounted;
    while (prefix != null && status("mountpoint", "-q", prefix.toString()) == 0) {
      assertThat(status("umount", prefix.toString())).isZero();
    }
  }

  private void start(String project, String... tables) throws IOException {
    start(Interpreter.require("3.12"), project, tables);
  }

  private void start(Path python, String project, String... tables) throws IOException {
    site.configure(
        site.project("shop", site.root()) + project,
        "[interpreters]\ndiscover = false\nexecutables = [\"" + python + "\"]\n",
        String.join("\n", tables));
    started = site.daemon();
  }

  private PycachedDaemon daemon() {
    return Objects.requireNonNull(started);
  }

  // What is observed.

  @Test
  void edit_sourceThatHadBytecode_isCompiledWithoutAnImport() throws Exception {
    site.source("pkg/m.py", "x = 1\n");
    site.source("pkg/never.py", "y = 1\n");
    site.importing("pkg", "m");
    start("");
    site.source("pkg/m.py", "x = 'of another length'\n");
    awaitLoads("pkg/m.py");
    assertThat(site.bytecode("pkg/never.py")).doesNotExist();
  }

  /** Every import of the module would fail, for ever. */
  @Test
  void damage_behindAGoodHeader_isMended() throws Exception {
    site.source("m.py", "x = 'mended'\n");
    start(ALL);
    awaitLoads("m.py");
    byte[] whole = Files.readAllBytes(site.bytecode("m.py"));
    Files.write(site.bytecode("m.py"), Arrays.copyOf(whole, whole.length - 9));
    await().atMost(PATIENCE).until(() -> Files.size(site.bytecode("m.py")) == whole.length);
    assertThat(value("m.py")).isEqualTo("'mended'");
  }

  /** Of the same size, in the second that the header names: Python would run the old code. */
  @Test
  void edit_withinTheSecondAndOfTheSameSize_isCompiled() throws Exception {
    Path source = site.source("m.py", "x = 1\n");
    start(ALL);
    awaitLoads("m.py");
    Instant second =
        Instant.now().minusSeconds(1_000).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    Files.setLastModifiedTime(source, FileTime.from(second.plusMillis(100)));
    awaitLoads("m.py");
    FileTime written = FileTime.from(second.plusMillis(200));
    Files.setLastModifiedTime(site.bytecode("m.py"), written);
    daemon().awaitStatus(status -> assertThat(compiling(status)).isZero());
    Path edited = Files.writeString(site.top().resolve("edited"), "x = 2\n");
    Files.setLastModifiedTime(edited, FileTime.from(second.plusMillis(300)));
    Files.move(edited, source, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    await().atMost(PATIENCE).until(() -> value("m.py").equals("2"));
  }

  @Test
  void delete_sourceThatHadBytecode_losesItAndItIsNotMadeAgain() throws Exception {
    site.source("m.py", "x = 1\n");
    site.source("n.py", "x = 2\n");
    start(ALL);
    awaitLoads("m.py");
    Files.delete(site.root().resolve("m.py"));
    await().atMost(PATIENCE).until(() -> !Files.exists(site.bytecode("m.py")));
    site.awaitAgreement(daemon());
    assertThat(site.bytecodeFiles()).containsExactly(site.bytecode("n.py"));
  }

  // All of it.

  @Test
  void create_sourcesUnderAll_areCompiled() throws Exception {
    site.source("m.py", "x = 1\n");
    start(ALL);
    awaitLoads("m.py");
    site.source("new/deep/n.py", "x = 2\n");
    site.source("new/caf\u00c3\u00a9 \u00ff.py", "x = 3\n");
    awaitLoads("new/deep/n.py");
    daemon().awaitStatus(status -> assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(3));
    assertThat(site.check().getAsJsonArray("findings")).isEmpty();
  }

  /** It would be surveyed again and again, and compiled in vain. */
  @Test
  void rest_sourcesThatDoNotCompile_costsNothing() throws Exception {
    site.source("m.py", "x = 1\n");
    site.source("broken.py", "x = (\n");
    Files.createDirectory(site.root().resolve("directory.py"));
    Files.createSymbolicLink(site.root().resolve(".#m.py"), Path.of("user@host.7"));
    Path inTheWay = site.bytecode("n.py");
    Files.createDirectories(inTheWay);
    Files.writeString(inTheWay.resolve("k"), "kept");
    site.source("n.py", "x = 4\n");
    start(ALL);
    awaitLoads("m.py");
    daemon().awaitStatus(status -> assertThat(compiling(status)).isZero());
    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    double before = surveyed();
    await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
    assertThat(surveyed() - before).isLessThan(3);
    site.source("broken.py", "x = ()\n");
    awaitLoads("broken.py");
  }

  @Test
  void sync_whileTheDaemonRuns_isDoneByIt() throws Exception {
    site.source("m.py", "x = 1\n");
    site.source("broken.py", "x = (\n");
    start("warm = \"observed\"\n");
    assertThat(site.bytecodeFiles()).isEmpty();
    String root = site.root().toString();
    String[] words = {"-o", "json", "--variant", "cpython-312.opt-1", "-j", "1", root};
    Pycached.Result result = site.command("sync", words).run();
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo("--jobs 1: has no effect, the daemon has workers of its own\n");
    Path bytecode = site.bytecode("m.py");
    assertThat(site.bytecodeFiles())
        .containsExactly(bytecode.resolveSibling("m.cpython-312.opt-1.pyc"));
    assertThat(result.json().getAsJsonObject("compiled").get("files").getAsInt()).isEqualTo(1);
    assertThat(result.json().getAsJsonArray("failed"))
        .singleElement()
        .asString()
        .contains("broken.py", "SyntaxError: '(' was never closed");
    Pycached.Result missing = site.command("sync", "--variant", "cpython-399", root).run();
    assertThat(missing.status()).isZero();
    assertThat(missing.out())
        .startsWith("variant: no interpreter here writes cpython-399, found: cpython-312\n");
    assertThat(refusal("{\"path\":\"%s\",\"variant\":\"m.py\"}".formatted(root)))
        .contains("variant: expected a cache tag as cpython-312 or cpython-312.opt-1, found m.py");
    assertThat(refusal("{\"variant\":\"cpython-312\"}"))
        .contains("variant: expected a path to sync with it");
  }

  private String refusal(String body) throws IOException {
    AdminClient.Response response =
        (AdminClient.Response)
            AdminClient.post(site.socket(), "/v1/sync", "text/plain", body, PATIENCE);
    assertThat(response.status()).isEqualTo(400);
    return response.body();
  }

  @Test
  void clean_adoptWhileTheDaemonRuns_isOneDocument() throws Exception {
    site.source("m.py", "x = 1\n");
    start("warm = \"none\"\n");
    String beside = "-Xpycache_prefix=";
    String compile = "import py_compile, sys; print(py_compile.compile(sys.argv[1]), end='')";
    String source = site.root().resolve("m.py").toString();
    Path original = Path.of(site.python(List.of(beside, "-c", compile, source)));
    assertThat(original).startsWith(site.root()).exists();
    JsonObject report =
        site.command("clean", "--adopt", "-o", "json", site.root().toString()).run().json();
    assertThat(report.getAsJsonObject("adopted").get("files").getAsInt()).isEqualTo(1);
    assertThat(report.getAsJsonObject("deleted").get("files").getAsInt()).isEqualTo(1);
    assertThat(original).doesNotExist();
    assertThat(site.bytecodeFiles()).containsExactly(site.bytecode("m.py"));
  }

  // Sources and disks that give trouble.

  @Test
  void edit_sourceThatEndsItsWorker_isQuarantinedUntilItChanges() throws Exception {
    Path python = site.top().resolve("python3.12");
    Files.writeString(python, MORTAL.formatted(Interpreter.require("3.12")));
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));
    site.source("m.py", "x = 1\n");
    start(python, ALL);
    awaitLoads("m.py");
    site.source("m.py", "x = 'die'\n");
    daemon().awaitStatus(status -> assertThat(quarantined(status)).isEqualTo(1));
    awaitProblem(problems -> problems.contains("source-quarantined"));
    site.source("n.py", "x = 3\n");
    awaitLoads("n.py");
    site.source("m.py", "x = 44\n");
    awaitLoads("m.py");
    daemon().awaitStatus(status -> assertThat(quarantined(status)).isZero());
    awaitProblem(problems -> !problems.contains("source-quarantined"));
    // Not once more when another file in its directory was edited.
    assertThat(daemon().log()).containsOnlyOnce("m.py does not compile").contains("status 7");
  }

  @Test
  void compile_ontoADiskThatFillsUp_saysSoAndRecovers() throws Exception {
    Path disk = mount();
    Path ballast = Files.write(disk.resolve("ballast"), new byte[900 << 10]);
    for (int i = 0; i < 80; i++) {
      site.source("m%d.py".formatted(i), "x = " + i + "\ny = '" + "y".repeat(3_000) + "'\n");
    }
    start(ALL);
    awaitProblem(problems -> problems.contains("prefix-not-writable"));
    assertThat(temporaries()).isEmpty();
    assertThat(daemon().get("/healthz")).isNotNull();
    Files.delete(ballast);
    awaitProblem(List::isEmpty);
    daemon().awaitStatus(status -> assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(80));
    assertThat(site.check().getAsJsonArray("findings")).isEmpty();
    assertThat(daemon().log()).doesNotContain("SEVERE");
  }

  @Test
  void compile_ontoADiskThatBecomesReadOnly_saysSoAndRecovers() throws Exception {
    String prefix = mount().toString();
    site.source("m.py", "x = 1\n");
    start(ALL);
    awaitLoads("m.py");
    // Mounted once more, on top: the lock is open for writing, so the first mount cannot change.
    assertThat(status("mount", "--bind", prefix, prefix)).isZero();
    assertThat(status("mount", "-o", "remount,bind,ro", prefix)).isZero();
    site.source("m.py", "x = 22\n");
    site.source("n.py", "x = 333\n");
    awaitProblem(problems -> problems.contains("prefix-not-writable"));
    assertThat(status("mount", "-o", "remount,bind,rw", prefix)).isZero();
    awaitProblem(List::isEmpty);
    awaitLoads("m.py");
    awaitLoads("n.py");
  }

  @Test
  void kill_underAnEditStorm_isMadeGoodAtTheNextStart() throws Exception {
    for (int i = 0; i < 60; i++) {
      site.source("m%d.py".formatted(i), "x = 1\n");
    }
    start(ALL);
    daemon().close();
    Random random = new Random(20_261_122);
    for (int i = 0; i < 5; i++) {
      Process storm =
          site.startPython(List.of("-c", STORM, site.root().toString(), Integer.toString(i)));
      try (PycachedDaemon killed = site.daemon()) {
        assertThat(storm.inputReader().readLine()).isEqualTo("begun");
        for (int asked = random.nextInt(40); asked > 0; asked--) {
          killed.get("/healthz");
        }
        killed.kill();
      } finally {
        storm.destroyForcibly().waitFor();
      }
    }
    try (PycachedDaemon last = site.daemon()) {
      last.awaitStatus(
          status -> {
            assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(60);
            assertThat(PycachedDaemon.files(status, "stale")).isZero();
            assertThat(PycachedDaemon.files(status, "temporary")).isZero();
          });
      assertThat(temporaries()).isEmpty();
      assertThat(site.check().getAsJsonArray("findings")).isEmpty();
    }
    for (int i = 0; i < 60; i += 7) {
      String source = Files.readString(site.root().resolve("m%d.py".formatted(i)));
      assertThat("x = " + value("m%d.py".formatted(i)) + "\n").isEqualTo(source);
    }
  }

  private Path mount() throws Exception {
    Files.createDirectory(site.prefix());
    assumeTrue(
        status("mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", site.prefix().toString())
            == 0,
        "file systems cannot be mounted here");
    mounted = site.prefix();
    return site.prefix();
  }

  private static int status(String... command) throws Exception {
    return Pycached.run(List.of(command), Pycached.bareEnvironment(), new byte[0]).status();
  }

  /** Waits until the loader takes what is in the prefix, and that is what the source says. */
  private void awaitLoads(String source) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(Files.readString(site.root().resolve(source)))
                    .isEqualTo("x = " + value(source) + "\n"));
  }

  /** What the module's {@code x} is when its loader compiles nothing; how that fails otherwise. */
  private String value(String source) throws Exception {
    String script =
        """
        import importlib.machinery as machinery, sys
        class Loader(machinery.SourceFileLoader):
            def source_to_code(self, data, path, *, _optimization=-1):
                print('compiled'); sys.exit()
        space = {}
        exec(Loader('m', sys.argv[1]).get_code('m'), space)
        print(repr(space['x']))
        """;
    return site.python(List.of("-c", script, site.root().resolve(source).toString())).strip();
  }

  private void awaitProblem(Predicate<List<String>> expected) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> daemon().problems(), expected);
  }

  private double surveyed() throws IOException {
    return daemon()
        .body("/metrics")
        .lines()
        .filter(line -> line.startsWith("pycached_surveyed_directories_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private List<Path> temporaries() throws IOException {
    return Site.below(site.prefix()).stream()
        .filter(
            path ->
                MirrorName.parse(RawPath.of(path.getFileName())) instanceof MirrorName.Temporary
                    || path.endsWith(".pycached.new"))
        .toList();
  }

  private static long compiling(JsonObject status) {
    return status.getAsJsonObject("queue").get("compiling").getAsLong();
  }

  private static long quarantined(JsonObject status) {
    return status.getAsJsonObject("queue").get("quarantined").getAsLong();
  }
}
