package io.pycached.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.layout.MirrorName;
import io.pycached.layout.RawPath;
import io.pycached.pyc.Body;
import io.pycached.pyc.Magics;
import io.pycached.pyc.MarshalCheck;
import io.pycached.testing.Interpreter;
import io.pycached.testing.Jvm;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.Site;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL two hundred times, at any moment, while sources come, change and go: at no time is there
 * half a file, and the next reconcile leaves nothing of what was begun.
 *
 * <p>What is killed is not the daemon, which takes longer to start, but a program that reconciles
 * all the time.
 */
final class KillIT {
  private static final int KILLS = 200;
  private static final long SEED = 20_261_123;
  private static final int HEADER_BYTES = 16;

  /** Each has a tree of its own. */
  private static final int AT_A_TIME = 4;

  /** In microseconds: together as long as several reconciles take, the first of them slow. */
  private static final int SHORTER_WAIT = 600_000;

  /** The same on a machine that has much else to do, where nothing was interrupted so far. */
  private static final int LONGER_WAIT = 4 * SHORTER_WAIT;

  /** Prints a line when it has begun, and then edits, compiles and deletes for ever. */
  private static final String STORM =
      """
      import os, py_compile, random, sys
      chance = random.Random(int(sys.argv[1]))
      os.nice(19)
      for root in sys.argv[2:]:
          path = os.path.join(root, 'always', 'kept.py')
          os.makedirs(os.path.dirname(path))
          with open(path, 'w') as out:
              out.write('kept = 1\\n')
          py_compile.compile(path)
      print('begun', flush=True)
      while True:
          i = chance.randrange(60)
          path = os.path.join(chance.choice(sys.argv[2:]), 'd%d' % (i % 6), 'e' * (i % 3) or '.', 'm%d.py' % i)
          os.makedirs(os.path.dirname(path), exist_ok=True)
          if chance.randrange(3) == 0 and os.path.exists(path):
              os.remove(path)
          else:
              with open(path, 'w') as out:
                  out.write('x = 1\\n' * chance.randrange(1, 400))
              py_compile.compile(path)
      """;

  private @TempDir Path directory;

  @Test
  void kill_whileItWrites_leavesNoHalfFile() throws Exception {
    List<PycacheTree> trees = new ArrayList<>();
    List<String> command =
        new ArrayList<>(
            List.of(Interpreter.require("3.12").toString(), "-c", STORM, Long.toString(SEED)));
    for (int i = 0; i < AT_A_TIME; i++) {
      PycacheTree tree = PycacheTree.in(directory.toRealPath().resolve("t" + i));
      trees.add(tree);
      command.add(tree.root().toString());
    }
    ProcessBuilder python = new ProcessBuilder(command);
    python.environment().remove("PYTHONPYCACHEPREFIX");
    Process storm = python.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Random random = new Random(SEED);
    int begun = 0;
    try {
      assertThat(storm.inputReader().readLine()).isEqualTo("begun");
      for (int i = 0; i < KILLS; i += AT_A_TIME) {
        boolean isSlow = i >= KILLS / 2 && begun == 0;
        killOneAfterTheOther(trees, random, isSlow ? LONGER_WAIT : SHORTER_WAIT);
        for (PycacheTree tree : trees) {
          begun += assertNothingTorn(tree);
        }
      }
    } finally {
      storm.destroyForcibly().waitFor();
    }
    assertThat(begun).as("what was interrupted, with seed %d", SEED).isPositive();
    for (PycacheTree tree : trees) {
      Toiler.reconcile(tree);
      assertThat(assertNothingTorn(tree)).isZero();
      assertThat(Toiler.reconcile(tree).outcomes()).isEmpty();
      assertThat(tree.bytecode("always/kept.py"))
          .hasSameBinaryContentAs(tree.root().resolve("always/__pycache__/kept.cpython-312.pyc"));
    }
  }

  private static void killOneAfterTheOther(List<PycacheTree> trees, Random random, int longestWait)
      throws IOException, InterruptedException {
    List<Process> toilers = new ArrayList<>();
    try {
      for (PycacheTree tree : trees) {
        toilers.add(Jvm.of(List.of(), Toiler.class, tree.top().toString()).start());
      }
      for (Process toiler : toilers) {
        assertThat(toiler.inputReader().readLine()).isEqualTo("begun");
      }
      for (Process toiler : toilers) {
        assertThat(toiler.waitFor(random.nextInt(longestWait), TimeUnit.MICROSECONDS)).isFalse();
        toiler.destroyForcibly().waitFor();
      }
    } finally {
      for (Process toiler : toilers) {
        toiler.destroyForcibly().waitFor();
      }
    }
  }

  /** Returns how many files and directories are there that were begun and not finished. */
  private static int assertNothingTorn(PycacheTree tree) throws IOException {
    int begun = 0;
    for (Path path : Site.below(tree.prefix().path())) {
      MirrorName name = MirrorName.parse(RawPath.of(path.getFileName()));
      if (name instanceof MirrorName.Temporary || path.endsWith(".pycached.new")) {
        begun++;
      } else if (name instanceof MirrorName.Bytecode) {
        assertThat(body(path)).as("%s, with seed %d", path, SEED).isInstanceOf(Body.Intact.class);
      }
    }
    return begun;
  }

  private static Body body(Path path) throws IOException {
    try {
      ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path));
      return MarshalCheck.check(
          file.position(Math.min(HEADER_BYTES, file.limit())), Magics.find(3531).orElseThrow());
    } catch (NoSuchFileException impossibleNow) {
      throw new AssertionError("deleted while nobody runs", impossibleNow);
    }
  }
}
