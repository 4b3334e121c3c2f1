package io.pycached.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.layout.RawPath;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PathNumbersTest {
  private final PathNumbers numbers = new PathNumbers();

  @Test
  void add_twice_isCountedOnce() {
    numbers.add(Path.of("/a/b"));
    numbers.add(Path.of("/a").resolve("b"));
    assertThat(numbers.size()).isEqualTo(1);
    assertThat(numbers.contains(Path.of("/a/b"))).isTrue();
    assertThat(numbers.contains(Path.of("/a/bc"))).isFalse();
  }

  @Test
  void remove_unknown_changesNothing() {
    numbers.add(Path.of("/a"));
    numbers.remove(Path.of("/b"));
    assertThat(numbers.size()).isEqualTo(1);
    assertThat(numbers.contains(Path.of("/a"))).isTrue();
  }

  @Test
  void add_namesThatAreNotUtf8_areDifferent() {
    numbers.add(raw("/caf\u00ff"));
    assertThat(numbers.contains(raw("/caf\u00ff"))).isTrue();
    assertThat(numbers.contains(raw("/caf\u00fe"))).isFalse();
  }

  @Test
  void addAndRemove_inAnyOrder_holdsWhatASetHolds() {
    Random random = new Random(20261123);
    Set<Path> expected = new HashSet<>();
    for (int step = 0; step < 50_000; step++) {
      Path path = Path.of("/project/" + random.nextInt(40) + "/" + random.nextInt(100));
      if (random.nextInt(5) < 3) {
        numbers.add(path);
        expected.add(path);
      } else {
        numbers.remove(path);
        expected.remove(path);
      }
      assertThat(numbers.size()).isEqualTo(expected.size());
      Path asked = Path.of("/project/" + random.nextInt(40) + "/" + random.nextInt(100));
      assertThat(numbers.contains(asked)).isEqualTo(expected.contains(asked));
    }
  }

  private static Path raw(String path) {
    return RawPath.toPath(FileSystems.getDefault(), path);
  }
}
