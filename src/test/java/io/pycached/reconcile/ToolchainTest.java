package io.pycached.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.compile.Interpreters;
import io.pycached.compile.Search;
import io.pycached.fs.Directory;
import io.pycached.layout.CacheTag;
import io.pycached.layout.PycachePrefix;
import io.pycached.layout.Variant;
import io.pycached.policy.InvalidationMode;
import io.pycached.policy.Targets;
import io.pycached.policy.WarmPolicy;
import io.pycached.policy.Warmth;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.DirectoryPair;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.Survey;
import io.pycached.survey.Surveyor;
import io.pycached.testing.Interpreter;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.Pycached;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With two interpreters, 3.12 before 3.11, and environments that they made. */
final class ToolchainTest {
  private static final CacheTag TAG_311 = new CacheTag("cpython-311");
  private static final CacheTag TAG_312 = new CacheTag("cpython-312");
  private static final CacheTag TAG_38 = new CacheTag("cpython-38");

  private @TempDir Path directory;
  private Interpreters interpreters;
  private Toolchain toolchain;
  private PycacheTree tree;

  @BeforeEach
  void find() throws IOException {
    tree = PycacheTree.in(directory.toRealPath());
    List<Path> executables = List.of(Interpreter.require("3.12"), Interpreter.require("3.11"));
    int user = (int) Files.getAttribute(directory, "unix:uid");
    interpreters =
        new Interpreters(
            new Search(executables, false, List.of(), List.of(), List.of(), Map.of(), user));
    toolchain = new Toolchain(interpreters);
  }

  @AfterEach
  void close() {
    interpreters.close();
  }

  @Test
  void targets_nothingConfiguredOrSeen_areTheFirstInterpreters() {
    Territory shop = territory(tree.root());
    Targets targets = toolchain.targets(shop, pair(shop, "pkg"));
    assertThat(targets.wanted()).containsExactly(new Variant(TAG_312, ""));
    assertThat(Stream.of(TAG_311, TAG_312, TAG_38).filter(targets.compiles()))
        .containsExactly(TAG_311, TAG_312);
  }

  @Test
  void targets_configured_areThoseWhateverIsSeen() throws IOException {
    Territory shop = territory(tree.root(), "cpython-311", "cpython-311.opt-2");
    tree.fresh("m.py");
    observe(shop);
    assertThat(toolchain.targets(shop, pair(shop, "")).wanted())
        .containsExactlyInAnyOrder(new Variant(TAG_311, ""), new Variant(TAG_311, "2"));
  }

  @Test
  void targets_seen_areThoseOfThatTerritory() throws IOException {
    Territory shop = territory(tree.root());
    Territory other = territory(Files.createDirectory(tree.top().resolve("other")));
    Path fresh = tree.fresh("m.py");
    Files.copy(fresh, fresh.resolveSibling("m.cpython-311.opt-1.pyc"));
    Files.copy(fresh, fresh.resolveSibling("m.cpython-312-pytest-8.3.4.pyc"));
    Files.copy(fresh, fresh.resolveSibling("m.cpython-312.opt-typeguard442.pyc"));
    assertThat(observe(shop)).isTrue();
    assertThat(observe(shop)).isFalse();
    assertThat(toolchain.targets(shop, pair(shop, "")).wanted())
        .containsExactlyInAnyOrder(new Variant(TAG_312, ""), new Variant(TAG_311, "1"));
    assertThat(toolchain.targets(other, pair(other, "")).wanted())
        .containsExactly(new Variant(TAG_312, ""));
    toolchain.retain(List.of(other));
    assertThat(toolchain.targets(shop, pair(shop, "")).wanted())
        .containsExactly(new Variant(TAG_312, ""));
  }

  @Test
  void targets_inAVirtualEnvironment_areItsOwnInterpreters() throws Exception {
    Territory shop = territory(tree.root());
    venv(tree.root().resolve("env"));
    DirectoryPair inside = pair(shop, "env/lib/python3.11/site-packages/pkg");
    Targets targets = toolchain.targets(shop, inside);
    assertThat(targets.wanted()).containsExactly(new Variant(TAG_311, ""));
    assertThat(Stream.of(TAG_311, TAG_312).filter(targets.compiles())).containsExactly(TAG_311);
    assertThat(toolchain.writing(inside, TAG_312)).isEmpty();
    assertThat(toolchain.writing(inside, TAG_311)).isPresent();
    assertThat(toolchain.writing(pair(shop, "pkg"), TAG_312)).isPresent();
  }

  @Test
  void targets_configuredInAVirtualEnvironment_areItsLevelsOnly() throws Exception {
    Territory shop = territory(tree.root(), "cpython-312", "cpython-311.opt-1");
    venv(tree.root().resolve("env"));
    Targets targets = toolchain.targets(shop, pair(shop, "env/lib"));
    assertThat(targets.wanted()).containsExactly(new Variant(TAG_311, "1"));
  }

  /** As in {@code pycached sync .venv/lib/python3.11/site-packages}. */
  @Test
  void targets_territoryInsideAVirtualEnvironment_areItsOwnInterpreters() throws Exception {
    Path environment = tree.root().resolve("env");
    venv(environment);
    Territory packages = territory(environment.resolve("lib/python3.11/site-packages"));
    assertThat(toolchain.targets(packages, pair(packages, "")).wanted())
        .containsExactly(new Variant(TAG_311, ""));
  }

  @Test
  void targets_environmentWhoseInterpreterIsGone_areNone() throws IOException {
    Territory shop = territory(tree.root());
    Path environment = Files.createDirectory(tree.root().resolve("env"));
    Files.writeString(environment.resolve("pyvenv.cfg"), "home = /nowhere\nversion = 3.12.1\n");
    Targets targets = toolchain.targets(shop, pair(shop, "env/lib"));
    assertThat(targets.wanted()).isEmpty();
    assertThat(targets.compiles().test(TAG_312)).isFalse();
  }

  private static void venv(Path environment) throws Exception {
    List<String> command =
        List.of(
            Interpreter.require("3.11").toString(),
            "-m",
            "venv",
            "--without-pip",
            environment.toString());
    assertThat(Pycached.run(command, Pycached.bareEnvironment(), new byte[0]).status()).isZero();
  }

  private boolean observe(Territory territory) throws IOException {
    Path root = Path.of("");
    DirectoryPair pair = territory.pair(root);
    try (Directory mirror = Directory.openFollowing(pair.mirror())) {
      Survey survey =
          new Surveyor(new SourceHashes(9), BodyCheck.NEVER, InstantSource.system())
              .survey(pair, territory.source(root), Optional.of(mirror), Optional.empty());
      return toolchain.observe(territory, survey);
    }
  }

  private static DirectoryPair pair(Territory territory, String relative) {
    return territory.pair(Path.of(relative));
  }

  private Territory territory(Path root, String... variants) {
    WarmPolicy warm =
        new WarmPolicy(
            Warmth.ALL,
            Stream.of(variants).map(Variant::parse).toList(),
            InvalidationMode.TIMESTAMP);
    PycachePrefix prefix = tree.prefix();
    return new Territory.OfProject(
        PycacheTree.project(root.getFileName().toString(), root), warm, prefix, Set.of());
  }
}
