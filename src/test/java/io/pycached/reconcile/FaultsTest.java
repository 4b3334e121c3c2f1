package io.pycached.reconcile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.compile.Compilers;
import io.pycached.compile.Interpreters;
import io.pycached.compile.Limits;
import io.pycached.compile.Search;
import io.pycached.testing.FaultyFileSystem;
import io.pycached.testing.FaultyFileSystem.Fault;
import io.pycached.testing.FaultyFileSystem.Operation;
import io.pycached.testing.Interpreter;
import io.pycached.testing.PycacheTree;
import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FaultsTest {
  private static Interpreters interpreters;
  private static Compilers compilers;
  private static byte[] body;
  private static byte @Nullable [] adopted;
  private static @Nullable Map<String, Ordeal.Entry> expected;

  /** What is done to a file that was looked at before. */
  private static final Set<Operation> TOUCHES =
      EnumSet.of(Operation.STAT, Operation.READ, Operation.MOVE, Operation.DELETE);

  private static final List<String> REASONS =
      List.of("Input/output error", "No space left on device", "Stale file handle");

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    Path python = Interpreter.require("3.12");
    int user = (int) Files.getAttribute(directory, "unix:uid");
    interpreters =
        new Interpreters(
            new Search(List.of(python), false, List.of(), List.of(), List.of(), Map.of(), user));
    compilers = new Compilers(Limits.of(1), InstantSource.system());
    body = body(python);
    // What is adopted is what would be compiled: when one fails, the other may come to its help.
    adopted = Files.readAllBytes(undisturbed().adopted());
    expected = undisturbed().snapshot();
  }

  /** {@return the body of some bytecode} */
  static byte[] body(Path python) throws Interpreter.Crash {
    try (Interpreter asked = Interpreter.of(python)) {
      String base64 =
          asked
              .eval(
                  "__import__('base64').b64encode(__import__('marshal').dumps("
                      + "compile('x = 1', '/x.py', 'exec'))).decode()")
              .getAsString();
      return Base64.getDecoder().decode(base64);
    }
  }

  @AfterAll
  static void stop() {
    compilers.close();
    interpreters.close();
  }

  /** What an operation fails with. */
  private enum Failure {
    BROKEN {
      @Override
      IOException at(int index, Path path) {
        return new FileSystemException(path.toString(), null, REASONS.get(index % REASONS.size()));
      }
    },
    DENIED {
      @Override
      IOException at(int index, Path path) {
        return new AccessDeniedException(path.toString());
      }
    },
    GONE {
      @Override
      IOException at(int index, Path path) {
        return new NoSuchFileException(path.toString());
      }
    };

    abstract IOException at(int index, Path path);
  }

  @ParameterizedTest
  @EnumSource
  void run_anyOperationFails_harmsNothingAndTheNextRunMakesItGood(Failure failure)
      throws IOException {
    List<Operation> operations = operations();
    assertThat(operations).contains(Operation.values());
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i) == Operation.CLOSE && failure != Failure.BROKEN) {
        continue;
      }
      int at = i;
      AtomicInteger index = new AtomicInteger();
      Fault fault =
          (operation, path) -> {
            if (index.getAndIncrement() == at) {
              throw failure.at(at, path);
            }
          };
      new Trial("operation " + at, fault).run(wrong);
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void run_twoOperationsFail_harmsNothingAndTheNextRunMakesItGood(long seed) throws IOException {
    Random random = new Random(seed);
    int operations = operations().size();
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      int first = random.nextInt(operations);
      // Mostly close by: that is where one failure meets the handling of another.
      int second = first + 1 + random.nextInt(random.nextBoolean() ? 6 : operations);
      AtomicInteger index = new AtomicInteger();
      Fault fault =
          (operation, path) -> {
            int now = index.getAndIncrement();
            if (now == first || now == second) {
              throw Failure.BROKEN.at(now, path);
            }
          };
      new Trial("operations %d and %d".formatted(first, second), fault).run(wrong);
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void run_diskFillsUpAfterAnyByte_harmsNothingAndTheNextRunMakesItGood() throws IOException {
    List<String> wrong = new ArrayList<>();
    long bytes = -1;
    boolean full = true;
    while (full) {
      // At every byte of the first two files, one that is copied and one that is compiled.
      bytes += bytes < 300 ? 1 : 11;
      Trial trial = new Trial(bytes + " bytes", (operation, path) -> {});
      trial.disk.space(bytes);
      full = trial.run(wrong) == 0;
    }
    assertThat(wrong).isEmpty();
    // As many as seven files take.
    assertThat(bytes).isGreaterThan(7 * 116);
  }

  @Test
  void run_anyFileVanishesBeforeAnyTouch_harmsNothingElse() throws IOException {
    List<Operation> operations = operations();
    List<String> wrong = new ArrayList<>();
    Map<Path, Map<String, Ordeal.Entry>> expected = new HashMap<>();
    for (int i = 0; i < operations.size(); i++) {
      if (TOUCHES.contains(operations.get(i))) {
        new Trial("operation " + i, (operation, path) -> {}).vanish(i, expected, wrong);
      }
    }
    assertThat(expected).hasSizeGreaterThan(20);
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {5, 6, 7, 8, 9})
  void run_namesInAnyOrder_doesTheSame(long seed) throws IOException {
    List<String> wrong = new ArrayList<>();
    Trial trial = new Trial("shuffled", (operation, path) -> {});
    trial.disk.shuffle(new Random(seed));
    trial.run(wrong);
    assertThat(wrong).isEmpty();
  }

  /** What is done without a fault, in order. */
  private static List<Operation> operations() throws IOException {
    List<Operation> operations = new CopyOnWriteArrayList<>();
    Trial counted = new Trial("none", (operation, path) -> operations.add(operation));
    List<String> wrong = new ArrayList<>();
    counted.run(wrong);
    assertThat(wrong).isEmpty();
    return operations;
  }

  /** A run with faults, and one without. */
  private static final class Trial {
    private final String name;
    private final Fault fault;
    private final SetClock clock = new SetClock();
    private final FileSystem memory = PycacheTree.memory(clock);
    private final FaultyFileSystem disk = new FaultyFileSystem(memory);

    Trial(String name, Fault fault) {
      this.name = name;
      this.fault = fault;
    }

    /**
     * Adds to {@code wrong} what should not have been.
     *
     * @return the room that there was left in the first run
     */
    long run(List<String> wrong) throws IOException {
      Ordeal ordeal = new Ordeal(disk, memory.getPath("/"), clock, body, adopted);
      ordeal.layOut();
      ordeal.layOutYoung();
      Map<String, Ordeal.Entry> before = ordeal.snapshot();
      List<String> hit = new ArrayList<>();
      disk.fault(
          (operation, path) -> {
            try {
              fault.before(operation, path);
            } catch (IOException failed) {
              hit.add(operation + " " + path);
              throw failed;
            }
          });
      String what = name;
      try {
        ordeal.reconcile(compilers, interpreters);
      } catch (RuntimeException | Error escaped) {
        wrong.add(name + " " + hit + " lets escape " + escaped);
      }
      disk.fault((operation, path) -> {});
      long left = disk.space();
      disk.space(Long.MAX_VALUE);
      what += " " + hit;
      if (disk.open() != 0) {
        wrong.add(what + " leaves " + disk.open() + " handles");
      }
      compare(what, before, ordeal, wrong);
      Heard heard = ordeal.reconcile(compilers, interpreters);
      if (!heard.failed().isEmpty()) {
        wrong.add(what + " fails later: " + heard.failed());
      }
      Map<String, Ordeal.Entry> after = ordeal.snapshot();
      Map<String, Ordeal.Entry> expected = expected();
      if (!after.equals(expected)) {
        wrong.add(what + " ends otherwise: " + difference(expected, after));
      }
      memory.close();
      return left;
    }

    /**
     * Has the file vanish that operation {@code at} is about, if it is about one.
     *
     * @param expected what is there in the end, by the path of the file that was never there
     */
    void vanish(int at, Map<Path, Map<String, Ordeal.Entry>> expected, List<String> wrong)
        throws IOException {
      Ordeal ordeal = new Ordeal(disk, memory.getPath("/"), clock, body, adopted);
      ordeal.layOut();
      ordeal.layOutYoung();
      AtomicInteger index = new AtomicInteger();
      List<Path> vanished = new ArrayList<>();
      disk.fault(
          (operation, path) -> {
            if (index.getAndIncrement() == at
                && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
              Files.delete(path);
              vanished.add(path);
            }
          });
      ordeal.reconcile(compilers, interpreters);
      disk.fault((operation, path) -> {});
      if (vanished.isEmpty()) {
        return;
      }
      Path gone = vanished.get(0);
      if (disk.open() != 0) {
        wrong.add(name + " leaves " + disk.open() + " handles without " + gone);
      }
      Map<String, Ordeal.Entry> after = aged(ordeal, gone);
      Path asText = Path.of(gone.toString());
      if (!expected.containsKey(asText)) {
        expected.put(asText, without(gone));
      }
      if (!after.equals(expected.get(asText))) {
        wrong.add(
            name
                + " ends otherwise without "
                + gone
                + ": "
                + difference(expected.get(asText), after));
      }
      memory.close();
    }

    private static Map<String, Ordeal.Entry> without(Path gone) throws IOException {
      Trial trial = new Trial("never there", (operation, path) -> {});
      Path path = trial.memory.getPath(gone.toString());
      Ordeal ordeal = new Ordeal(trial.disk, trial.memory.getPath("/"), trial.clock, body, adopted);
      ordeal.layOut();
      ordeal.layOutYoung();
      Files.deleteIfExists(path);
      ordeal.reconcile(compilers, interpreters);
      return aged(ordeal, path);
    }

    /** What is there when nothing is young any more; what was made anew has another identity. */
    private static Map<String, Ordeal.Entry> aged(Ordeal ordeal, Path gone) throws IOException {
      ordeal.age();
      ordeal.reconcile(compilers, interpreters);
      ordeal.live().remove(gone);
      return ordeal.snapshot();
    }

    /** What lives is as it was, and everything else as it was or as it will be. */
    private static void compare(
        String what, Map<String, Ordeal.Entry> before, Ordeal ordeal, List<String> wrong)
        throws IOException {
      Map<String, Ordeal.Entry> now = ordeal.snapshot();
      Map<String, Ordeal.Entry> expected = expected();
      before.forEach(
          (path, entry) -> {
            if (!entry.identity().isEmpty() && !entry.equals(now.get(path))) {
              wrong.add(what + " harms " + path + ": " + entry + ", now " + now.get(path));
            }
          });
      now.forEach(
          (path, entry) -> {
            boolean own = path.matches(".*(\\.pyc\\.0[0-9]+|/\\.pycached\\.new)");
            if (!own && !entry.equals(before.get(path)) && !entry.equals(expected.get(path))) {
              wrong.add(what + " tears " + path + ": " + entry);
            }
          });
    }
  }

  private static Map<String, Ordeal.Entry> difference(
      Map<String, Ordeal.Entry> expected, Map<String, Ordeal.Entry> actual) {
    Map<String, Ordeal.Entry> difference = new TreeMap<>(expected);
    difference.keySet().removeIf(actual::containsKey);
    actual.forEach(
        (path, entry) -> {
          if (!entry.equals(expected.get(path))) {
            difference.put(path, entry);
          }
        });
    return difference;
  }

  private static Map<String, Ordeal.Entry> expected() {
    return requireNonNull(expected);
  }

  private static Ordeal undisturbed() throws IOException {
    SetClock clock = new SetClock();
    Path top = PycacheTree.memory(clock).getPath("/");
    FaultyFileSystem disk = new FaultyFileSystem(top.getFileSystem());
    Ordeal ordeal = new Ordeal(disk, top, clock, body, adopted);
    ordeal.layOut();
    ordeal.layOutYoung();
    ordeal.reconcile(compilers, interpreters);
    return ordeal;
  }
}
