package io.pycached.it;

import static io.pycached.it.JsonShape.assertShape;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pycached.layout.RawPath;
import io.pycached.testing.Interpreter;
import io.pycached.testing.Pycached;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pycached clean}, over what real interpreters leave beside their sources. */
final class CleanIT {
  @TempDir Path directory;
  private Path root;
  private final List<Path> bytecode = new ArrayList<>();

  /** Two packages, compiled by every interpreter here on three levels. */
  @BeforeEach
  void fill() throws Exception {
    root = Files.createDirectory(directory.toRealPath().resolve("src"));
    for (String name : List.of("a.py", "do.tt.ed.py", "pkg/b.py", "byte\u00ff/c.py")) {
      Path source = root.resolve(RawPath.toPath(root.getFileSystem(), name));
      Files.createDirectories(source.getParent());
      Files.writeString(source, "x = 1\n");
    }
    for (Path python : Interpreter.found().values()) {
      for (String level : List.of("-B", "-O", "-OO")) {
        Pycached.Result compiled =
            Pycached.run(
                List.of(python.toString(), level, "-m", "compileall", "-q", root.toString()),
                Pycached.bareEnvironment(),
                new byte[0]);
        assertThat(compiled.status()).as("%s", compiled).isZero();
      }
    }
    bytecode.addAll(Site.below(root).stream().filter(p -> p.toString().endsWith(".pyc")).toList());
    assertThat(bytecode).hasSize(4 * 3 * Interpreter.found().size());
  }

  private Pycached.Result clean(String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("clean", root.toString()));
    words.addAll(List.of(more));
    return Pycached.with(words.toArray(new String[0])).run();
  }

  @Test
  void clean_whatInterpretersWrote_leavesTheSources() throws Exception {
    long bytes = 0;
    for (Path file : bytecode) {
      bytes += Files.size(file);
    }
    JsonObject report = clean("-o", "json").json();
    assertShape(
        report,
        "{schema: whole, dry_run: flag, directories: [{path: text, files: whole, bytes: whole,"
            + " adopted: whole, removed: flag, kept: [{path: text, reason: text}]}],"
            + " failed: [{path: text, error: text}], adopted: $COUNT,"
            + " deleted: {files: whole, bytes: whole, directories: whole}, kept: whole}");
    assertThat(report.getAsJsonObject("deleted"))
        .hasToString(
            "{\"files\":%d,\"bytes\":%d,\"directories\":3}".formatted(bytecode.size(), bytes));
    assertThat(Site.below(root))
        .extracting(path -> RawPath.of(root.relativize(path)))
        .containsExactlyInAnyOrder(
            "a.py", "do.tt.ed.py", "pkg", "pkg/b.py", "byte\u00ff", "byte\u00ff/c.py");
    assertThat(clean().out()).isEqualTo("removed 0 files, 0 B, and 0 directories; kept 0\n");
  }

  @Test
  void clean_whatIsNoBytecode_staysAndIsNamed() throws Exception {
    Path pycache = root.resolve("__pycache__");
    Path target = Files.writeString(directory.resolve("target.pyc"), "");
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
    // What goes.
    Files.writeString(pycache.resolve("empty.cpython-312.pyc"), "");
    Files.write(pycache.resolve("zeros.cpython-312.pyc"), new byte[9000]);
    Path dead = Files.writeString(pycache.resolve("d.cpython-312.pyc.140234"), "");
    Files.setLastModifiedTime(dead, old);
    // What stays.
    Map<String, String> kept =
        Map.of(
            "f.a-1.py312.nbi", "not a name of bytecode",
            "f.a-1.py312.1.nbc", "not a name of bytecode",
            "notes.txt", "not a name of bytecode",
            "text.cpython-312.pyc", "no Python writes such a header",
            "link.cpython-312.pyc", "a symbolic link",
            "new.cpython-312.pyc.140234", "a temporary file that may still be written",
            "sub.cpython-312.pyc", "a directory");
    for (String name : kept.keySet()) {
      switch (name.substring(0, 3)) {
        case "lin" -> Files.createSymbolicLink(pycache.resolve(name), target);
        case "sub" -> Files.createDirectory(pycache.resolve(name));
        default -> Files.writeString(pycache.resolve(name), "mine, and longer than a header");
      }
    }
    JsonObject report = clean("-o", "json").json();
    JsonObject top = report.getAsJsonArray("directories").get(0).getAsJsonObject();
    assertThat(top.get("path").getAsString()).isEqualTo(pycache.toString());
    assertThat(top.get("removed").getAsBoolean()).isFalse();
    for (JsonElement each : top.getAsJsonArray("kept")) {
      Path path = Path.of(each.getAsJsonObject().get("path").getAsString());
      assertThat(each.getAsJsonObject().get("reason").getAsString())
          .isEqualTo(kept.get(path.getFileName().toString()));
    }
    try (var left = Files.list(pycache)) {
      assertThat(left.map(path -> path.getFileName().toString()).toList())
          .containsExactlyInAnyOrderElementsOf(kept.keySet());
    }
    assertThat(target).exists();
    assertThat(clean().out())
        .contains("kept  " + pycache.resolve("f.a-1.py312.nbi") + "  (not a name of bytecode)\n")
        .endsWith("removed 0 files, 0 B, and 0 directories; kept 7\n");
  }

  @Test
  void clean_links_leadNowhere() throws Exception {
    Path outside = Files.createDirectories(directory.resolve("outside/__pycache__"));
    Path precious = Files.writeString(outside.resolve("m.cpython-312.pyc"), "");
    Files.createSymbolicLink(root.resolve("linked"), outside.getParent());
    Path pycache = root.resolve("pkg2/__pycache__");
    Files.createDirectory(pycache.getParent());
    Files.createSymbolicLink(pycache, outside);
    Pycached.Result result = clean();
    assertThat(result.status()).isZero();
    assertThat(precious).exists();
    assertThat(pycache).isSymbolicLink();
    assertThat(result.out()).contains("kept  " + pycache + "  (a symbolic link)\n");
    // Named by a link, the tree is the tree.
    Path named = Files.createSymbolicLink(directory.resolve("named"), outside.getParent());
    assertThat(Pycached.with("clean", named.toString()).run().out())
        .endsWith("removed 1 file, 0 B, and 1 directory; kept 0\n");
    assertThat(outside).doesNotExist();
  }

  @Test
  void clean_dryRun_tellsTheSameAndTouchesNothing() throws Exception {
    List<Path> before = Site.below(root);
    JsonObject planned = clean("--dry-run", "-o", "json").json();
    assertThat(clean("--dry-run").out()).startsWith("would remove  " + root.resolve("__pycache__"));
    assertThat(Site.below(root)).isEqualTo(before);
    JsonObject done = clean("-o", "json").json();
    assertThat(planned.remove("dry_run").getAsBoolean()).isTrue();
    assertThat(done.remove("dry_run").getAsBoolean()).isFalse();
    assertThat(done).isEqualTo(planned);
  }

  @Test
  void clean_excludedTreesAndThePrefix_areLeftAlone() throws Exception {
    List<Path> spared = new ArrayList<>();
    for (String name : List.of(".git", "node_modules", "prefix")) {
      Path pycache = Files.createDirectories(root.resolve(name).resolve("__pycache__"));
      spared.add(Files.writeString(pycache.resolve("m.cpython-312.pyc"), ""));
    }
    assertThat(clean("--prefix", root.resolve("prefix").toString()).status()).isZero();
    assertThat(spared).allSatisfy(file -> assertThat(file).exists());
    assertThat(bytecode).noneSatisfy(file -> assertThat(file).exists());
  }

  @Test
  void clean_deeperThanDescriptorsReach_isCleanedToTheEnd() throws Exception {
    Path deep = root;
    for (int i = 0; i < 100; i++) {
      deep = deep.resolve("d");
    }
    Path pycache = Files.createDirectories(deep.resolve("__pycache__"));
    Files.writeString(pycache.resolve("m.cpython-312.pyc"), "");
    assertThat(clean().status()).isZero();
    assertThat(deep).isEmptyDirectory();
  }

  @Test
  void clean_wrongDirectories_areUsageErrors() throws Exception {
    assertThat(Pycached.with("clean").run().status()).isEqualTo(2);
    Pycached.Result missing = Pycached.with("clean", root.resolve("none").toString()).run();
    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.err()).contains("none: expected a directory, found nothing there");
    Pycached.Result inside = Pycached.with("clean", root.resolve("__pycache__").toString()).run();
    assertThat(inside.status()).isEqualTo(2);
    assertThat(inside.err())
        .isEqualTo(
            "pycached: DIR "
                + root.resolve("__pycache__")
                + ": expected the source tree that it lies in\n");
    assertThat(bytecode).allSatisfy(file -> assertThat(file).exists());
  }
}
