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
import io.pycached.testing.SetClock;
import io.pycached.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody who may write to the prefix swaps a directory in it for a symbolic link, before any
 * operation of a full reconcile: nothing changes where the link leads to, and nothing that lives is
 * harmed. On a real disk.
 *
 * <p>The link leads to a copy of what was there, so that whatever follows it finds the same names,
 * and would do there what it meant to do here.
 */
final class SwapIT {
  private static final long SEED = 20_261_122;

  private static Interpreters interpreters;
  private static Compilers compilers;
  private static byte[] body;

  private @TempDir Path directory;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    Path python = Interpreter.require("3.12");
    int user = (int) Files.getAttribute(directory, "unix:uid");
    interpreters =
        new Interpreters(
            new Search(List.of(python), false, List.of(), List.of(), List.of(), Map.of(), user));
    compilers = new Compilers(Limits.of(1), InstantSource.system());
    body = FaultsTest.body(python);
  }

  @AfterAll
  static void stop() {
    compilers.close();
    interpreters.close();
  }

  /** Which directory is swapped, the operation's own or one above it, depends on the seed. */
  @Test
  void run_directorySwappedForALink_harmsNothing() throws IOException {
    List<Boolean> inPrefix = operations();
    List<String> wrong = new ArrayList<>();
    int swaps = 0;
    for (int i = 0; i < inPrefix.size(); i++) {
      if (inPrefix.get(i)) {
        Random random = new Random(SEED + i);
        Attack attack = new Attack(directory.resolve("t" + i), i, random);
        swaps += attack.run(random.nextBoolean(), wrong) ? 1 : 0;
      }
    }
    assertThat(wrong).as("with seed %d", SEED).isEmpty();
    assertThat(swaps).isGreaterThan(300);
  }

  /** Whether each operation is about a name in the prefix, in order. */
  private List<Boolean> operations() throws IOException {
    Attack none = new Attack(directory.resolve("t"), -1, new Random(SEED));
    List<Boolean> inPrefix = new CopyOnWriteArrayList<>();
    none.watch(
        (operation, path) ->
            inPrefix.add(
                operation != Operation.CLOSE
                    && operation != Operation.LIST
                    && operation != Operation.WRITE
                    && path.startsWith(none.ordeal.prefix())
                    && !path.equals(none.ordeal.prefix())));
    return inPrefix;
  }

  /** One swap, in a tree of its own. */
  private static final class Attack {
    private final Path top;
    private final int at;
    private final Random random;
    private final SetClock clock = new SetClock();
    private final FaultyFileSystem disk;
    private final Ordeal ordeal;
    private final Path outside;
    private final Path aside;
    private final AtomicInteger index = new AtomicInteger();
    private @Nullable Path swapped;
    private String what = "";

    Attack(Path top, int at, Random random) throws IOException {
      this.top = Files.createDirectory(top).toRealPath();
      this.at = at;
      this.random = random;
      this.disk = new FaultyFileSystem(top.getFileSystem());
      this.ordeal = new Ordeal(disk, this.top, clock, body, null);
      this.outside = this.top.resolve("outside");
      this.aside = this.top.resolve("aside");
    }

    void watch(Fault fault) throws IOException {
      clock.advance(Duration.between(clock.instant(), Instant.now()));
      ordeal.layOut();
      disk.fault(fault);
      ordeal.reconcile(compilers, interpreters);
    }

    /**
     * {@return whether something was swapped}
     *
     * @param back whether it is swapped back before the next operation
     */
    boolean run(boolean back, List<String> wrong) throws IOException {
      clock.advance(Duration.between(clock.instant(), Instant.now()));
      ordeal.layOut();
      copy(ordeal.prefix(), outside);
      Map<String, Ordeal.Entry> inside = ordeal.snapshot();
      Map<String, Ordeal.Entry> before = Ordeal.snapshot(outside, Set.of(outside));
      disk.fault(
          (operation, path) -> {
            int now = index.getAndIncrement();
            if (now == at) {
              swap(operation, path);
            } else if (now > at && back) {
              swapBack();
            }
          });
      try {
        ordeal.reconcile(compilers, interpreters);
      } catch (RuntimeException escaped) {
        wrong.add(what + " lets escape " + escaped);
      }
      disk.fault((operation, path) -> {});
      swapBack();
      if (disk.open() != 0) {
        wrong.add(what + " leaves " + disk.open() + " handles");
      }
      if (!Ordeal.snapshot(outside, Set.of(outside)).equals(before)) {
        wrong.add(what + " changes what is outside");
      }
      Map<String, Ordeal.Entry> after = ordeal.snapshot();
      inside.forEach(
          (path, entry) -> {
            if (!entry.identity().isEmpty() && !entry.equals(after.get(path))) {
              wrong.add(what + " harms " + path + ": " + entry + ", now " + after.get(path));
            }
          });
      Site.deleteTree(top);
      return !what.isEmpty();
    }

    private void swap(Operation operation, Path path) throws IOException {
      List<Path> candidates = new ArrayList<>();
      for (Path each = path;
          each.startsWith(ordeal.prefix()) && !each.equals(ordeal.prefix());
          each = requireNonNull(each.getParent())) {
        if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
          candidates.add(each);
        }
      }
      if (candidates.isEmpty()) {
        return;
      }
      Path directory = candidates.get(random.nextInt(candidates.size()));
      Path copy = outside.resolve(ordeal.prefix().relativize(directory));
      Files.move(directory, aside);
      Files.createSymbolicLink(directory, Files.exists(copy) ? copy : outside);
      swapped = directory;
      what = "%d %s %s, %s swapped".formatted(at, operation, path, directory);
    }

    private void swapBack() throws IOException {
      Path directory = swapped;
      swapped = null;
      if (directory != null && Files.isSymbolicLink(directory)) {
        Files.delete(directory);
        Files.move(aside, directory);
      }
    }

    private static void copy(Path from, Path to) throws IOException {
      List<Path> all = new ArrayList<>(List.of(from));
      all.addAll(Site.below(from));
      for (Path path : all) {
        Files.copy(
            path,
            to.resolve(from.relativize(path)),
            StandardCopyOption.COPY_ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
      }
      Collections.reverse(all);
      for (Path path : all) {
        Files.setLastModifiedTime(
            to.resolve(from.relativize(path)), Files.getLastModifiedTime(path));
      }
    }
  }
}
