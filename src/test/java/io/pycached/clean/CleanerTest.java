package io.pycached.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.testing.SetClock;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens while a cleaner is at work; an adoption is where the test can interfere. */
final class CleanerTest {
  @TempDir Path root;
  private Path pycache;
  private Path first;
  private Path second;
  private final List<Cleaned> cleaned = new ArrayList<>();
  private final List<Path> failed = new ArrayList<>();

  private final CleanListener heard =
      new CleanListener() {
        @Override
        public void cleaned(Cleaned directory) {
          cleaned.add(directory);
        }

        @Override
        public void failed(Path directory, IOException cause) {
          failed.add(directory);
        }
      };

  @BeforeEach
  void fill() throws IOException {
    pycache = Files.createDirectory(root.resolve("__pycache__"));
    first = Files.write(pycache.resolve("a.cpython-312.pyc"), new byte[16]);
    second = Files.write(pycache.resolve("b.cpython-312.opt-1.pyc"), new byte[32]);
  }

  private static Cleaner cleaner(Adoption adoption) {
    return new Cleaner(Duration.ofHours(1), new SetClock(), adoption, false);
  }

  private Cleaned clean(Adoption adoption) {
    cleaner(adoption).clean(root, relative -> false, heard);
    assertThat(cleaned).hasSize(1);
    return cleaned.get(0);
  }

  @Test
  void clean_adopted_isCountedAndGone() {
    Cleaned directory =
        clean(
            (open, source, name, meaning, stamp) -> {
              assertThat(source).isEqualTo(root);
              return meaning.module().equals("b")
                  ? new Adoption.Adopted()
                  : new Adoption.Declined("stale");
            });
    assertThat(directory).isEqualTo(new Cleaned(pycache, 2, 48, 1, 32, true, List.of(), List.of()));
    assertThat(pycache).doesNotExist();
  }

  @Test
  void clean_adoptionFails_keepsTheFileAndGoesOn() {
    FileSystemException full = new FileSystemException("/p", null, "No space left on device");
    Cleaned directory =
        clean(
            (open, source, name, meaning, stamp) -> {
              if (meaning.module().equals("a")) {
                throw full;
              }
              return new Adoption.Adopted();
            });
    assertThat(directory.failures()).containsExactly(new Cleaned.Failure(first, full));
    assertThat(directory.removed()).isFalse();
    assertThat(first).exists();
    assertThat(second).doesNotExist();
  }

  @Test
  void clean_fileWrittenMeanwhile_isKept() {
    Cleaned directory =
        clean(
            (open, source, name, meaning, stamp) -> {
              Files.write(source.resolve("__pycache__").resolve(name), new byte[99]);
              return new Adoption.Declined("stale");
            });
    assertThat(directory.kept())
        .containsExactly(
            new Cleaned.Kept(first, "changed meanwhile"),
            new Cleaned.Kept(second, "changed meanwhile"));
    assertThat(directory.files()).isZero();
    assertThat(first).hasSize(99);
  }

  @Test
  void clean_fileComesMeanwhile_keepsTheDirectory() {
    Path late = pycache.resolve("late.txt");
    Cleaned directory =
        clean(
            (open, source, name, meaning, stamp) -> {
              Files.writeString(late, "mine");
              return new Adoption.Declined("stale");
            });
    assertThat(directory.kept()).containsExactly(new Cleaned.Kept(pycache, "in use again"));
    assertThat(directory.files()).isEqualTo(2);
    assertThat(late).hasContent("mine");
  }

  @Test
  void clean_directorySwappedForALink_touchesNothingBehindIt(@TempDir Path outside)
      throws IOException {
    Path precious = Files.write(outside.resolve("a.cpython-312.pyc"), new byte[16]);
    Files.write(outside.resolve("b.cpython-312.opt-1.pyc"), new byte[32]);
    Path aside = root.resolve("aside");
    Cleaned directory =
        clean(
            (open, source, name, meaning, stamp) -> {
              if (Files.notExists(aside)) {
                Files.move(pycache, aside);
                Files.createSymbolicLink(pycache, outside);
              }
              return new Adoption.Declined("stale");
            });
    assertThat(directory.kept())
        .containsExactly(new Cleaned.Kept(pycache, "another directory has taken its place"));
    assertThat(precious).exists();
    assertThat(pycache).isSymbolicLink();
  }

  @Test
  void clean_rootNotThere_isAFailure() {
    Path missing = root.resolve("missing");
    cleaner(Adoption.none()).clean(missing, relative -> false, heard);
    assertThat(cleaned).isEmpty();
    assertThat(failed).containsExactly(missing);
    assertThat(second).exists();
  }
}
