package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at any moment: nothing of ours is left over, nothing that lives is lost.
 *
 * <p>For more moments than these, and others: {@code -Dpycached.crash.kills=200
 * -Dpycached.crash.seed=7}.
 */
final class CrashIT {
  private static final int KILLS = Integer.getInteger("pycached.crash.kills", 20);
  private static final int SOURCES = 120;
  private static final long SEED = Long.getLong("pycached.crash.seed", 20_240_607);

  /** Prints a line when it has begun, and then edits, deletes and compiles for ever. */
  private static final String STORM =
      """
      import os, py_compile, random, sys
      root, seed = sys.argv[1], int(sys.argv[2])
      chance = random.Random(seed)
      print('begun', flush=True)
      while True:
          i = chance.randrange(%d)
          path = os.path.join(root, 'd%%d' %% (i %% 12), 'm%%d.py' %% i)
          what = chance.randrange(4)
          if what == 0 and os.path.exists(path):
              os.remove(path)
          elif what == 1:
              with open(path, 'w') as out:
                  out.write('x = 1\\n' * chance.randrange(1, 40))
          elif os.path.exists(path):
              py_compile.compile(path)
      """
          .formatted(SOURCES);

  @TempDir Path directory;

  @Test
  void kill_underAStorm_losesNothingAndLeavesNothing() throws Exception {
    Site site = Site.in(directory);
    for (int i = 0; i < SOURCES; i++) {
      site.source("d%d/m%d.py".formatted(i % 12, i), "x = 1\n");
    }
    // What nobody touches must survive it all.
    for (int i = 0; i < 12; i++) {
      site.source("d%d/kept.py".formatted(i), "kept = 1\n");
    }
    site.compile();
    Random random = new Random(SEED);
    for (int i = 0; i < KILLS; i++) {
      Process storm =
          site.startPython(List.of("-c", STORM, site.root().toString(), Integer.toString(i)));
      try (PycachedDaemon daemon = site.startDaemon()) {
        assertThat(storm.inputReader().readLine()).isEqualTo("begun");
        // Half of them while they start, the others at work.
        if (random.nextBoolean()) {
          daemon.awaitReady();
        }
        for (int asked = random.nextInt(30); asked > 0; asked--) {
          daemon.get("/healthz");
        }
        daemon.kill();
      } finally {
        storm.destroyForcibly().waitFor();
      }
    }
    List<Path> before = live(site);
    try (PycachedDaemon daemon = site.daemon()) {
      JsonObject first = daemon.status().getAsJsonObject("totals");
      assertThat(first).isEqualTo(site.check().getAsJsonObject("totals"));
      site.awaitAgreement(daemon);
      assertThat(live(site)).isEqualTo(before);
      assertThat(leftOvers(site)).isEmpty();
      site.awaitNoEmptyDirectory();
      for (int i = 0; i < 12; i++) {
        assertThat(site.bytecode("d%d/kept.py".formatted(i))).exists();
      }
      site.compile();
      daemon.awaitStatus(status -> assertThat(PycachedDaemon.files(status, "stale")).isZero());
      site.awaitAgreement(daemon);
      assertThat(live(site)).containsExactlyElementsOf(expected(site));
    }
  }

  /** {@return the bytecode files that have a source} */
  private static List<Path> live(Site site) throws Exception {
    List<Path> expected = expected(site);
    return site.bytecodeFiles().stream().filter(expected::contains).toList();
  }

  private static List<Path> expected(Site site) throws Exception {
    TreeSet<Path> expected = new TreeSet<>();
    for (Path source : Site.below(site.root())) {
      if (Files.isRegularFile(source)) {
        expected.add(site.bytecode(source));
      }
    }
    return new ArrayList<>(expected);
  }

  /** {@return what a daemon makes on its way to something else} */
  private static List<Path> leftOvers(Site site) throws Exception {
    List<Path> found = new ArrayList<>();
    for (Path path : Site.below(site.top())) {
      String name = path.getFileName().toString();
      if (name.endsWith(".new") || name.matches("\\.[0-9]{7}")) {
        found.add(path);
      }
    }
    return found;
  }
}
