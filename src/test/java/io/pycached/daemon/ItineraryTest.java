package io.pycached.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.layout.RawPath;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ItineraryTest {
  private static final FileSystem FILES = FileSystems.getDefault();
  private static final int ROOM = 1 << 20;

  private final Itinerary itinerary = new Itinerary(FILES, ROOM);

  @Test
  void iterator_nothingAdded_hasNothing() {
    assertThat(itinerary).isEmpty();
  }

  @Test
  void iterator_rootParentChildAndSibling_givesThemBackInOrder() {
    List<Itinerary.Stop> stops =
        List.of(stop("", 7), stop("a", 0), stop("a/b", 1L << 40), stop("a", 0), stop("ab", 3));
    stops.forEach(stop -> itinerary.add(stop.relative(), stop.bytes()));
    assertThat(itinerary).containsExactlyElementsOf(stops);
    assertThat(itinerary.size()).isEqualTo(5);
  }

  @Test
  void iterator_nameIsNotUtf8_keepsItsBytes() {
    Path broken = RawPath.toPath(FILES, "caf\u00e9/\u00ff\u00fe");
    itinerary.add(RawPath.toPath(FILES, "caf\u00c3\u00a9"), 1);
    itinerary.add(broken, 2);
    assertThat(itinerary).element(1).isEqualTo(new Itinerary.Stop(broken, 2));
  }

  @Test
  void iterator_thousandsOfPaths_givesThemBackInOrder() {
    Random random = new Random(20261123);
    List<Itinerary.Stop> stops = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      int depth = random.nextInt(8);
      StringBuilder path = new StringBuilder("top");
      for (int level = 0; level < depth; level++) {
        path.append('/').append("abc", 0, 1 + random.nextInt(3)).append(random.nextInt(4));
      }
      stops.add(stop(path.toString(), random.nextInt(1_000_000)));
    }
    stops.forEach(stop -> itinerary.add(stop.relative(), stop.bytes()));
    assertThat(itinerary).containsExactlyElementsOf(stops);
  }

  @Test
  void add_noRoom_leavesItOutAndCountsIt() {
    Itinerary small = new Itinerary(FILES, 60);
    small.add(Path.of("a"), 1);
    small.add(Path.of("b".repeat(100)), 2);
    small.add(Path.of("c"), 3);
    assertThat(small).containsExactly(stop("a", 1), stop("c", 3));
    assertThat(small.leftOut()).isEqualTo(1);
    assertThat(small.taken()).isBetween(1, 60);
  }

  private static Itinerary.Stop stop(String relative, long bytes) {
    return new Itinerary.Stop(Path.of(relative), bytes);
  }
}
