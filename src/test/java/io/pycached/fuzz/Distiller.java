package io.pycached.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Writes the inputs that a search begins with, and makes a small corpus of those it ends with. */
final class Distiller {
  private static final Path CORPUS = Path.of("src/test/resources/io/pycached/fuzz");

  private final Target target;

  private Distiller(Target target) {
    this.target = target;
  }

  /** {@code seeds TARGET DIRECTORY} or {@code distil TARGET DIRECTORY}. */
  public static void main(String[] args) throws Exception {
    Distiller distiller = new Distiller(Objects.requireNonNull(Target.ALL.get(args[1])));
    if (args[0].equals("seeds")) {
      distiller.seed(Path.of(args[2]));
    } else {
      distiller.distil(Path.of(args[2]), CORPUS.resolve(args[1]));
    }
  }

  private void seed(Path directory) throws Exception {
    Files.createDirectories(directory);
    List<byte[]> seeds = target.seeds();
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(directory.resolve("seed-" + i), seeds.get(i));
    }
  }

  /** Keeps one input for each outcome, as small as it gets. */
  private void distil(Path found, Path corpus) throws Exception {
    Map<String, byte[]> smallest = new TreeMap<>();
    for (Path file : files(found, corpus)) {
      byte[] input = Files.readAllBytes(file);
      if (input.length <= Target.MAX_BYTES) {
        smallest.merge(target.outcome(input), input, (a, b) -> a.length <= b.length ? a : b);
      }
    }
    Files.createDirectories(corpus);
    for (Path old : files(corpus)) {
      Files.delete(old);
    }
    for (Map.Entry<String, byte[]> kept : smallest.entrySet()) {
      byte[] outcome = kept.getKey().getBytes(StandardCharsets.UTF_8);
      Files.write(
          corpus.resolve(HexFormat.of().toHexDigits(Arrays.hashCode(outcome))),
          minimised(kept.getValue(), kept.getKey()));
    }
  }

  /** Leaves out parts, halves first and single bytes last, as long as the outcome stays. */
  private byte[] minimised(byte[] input, String outcome) throws Exception {
    byte[] least = input;
    for (int part = Math.max(1, input.length / 2); part > 0; part /= 2) {
      int at = 0;
      while (at < least.length) {
        byte[] without = new byte[least.length - Math.min(part, least.length - at)];
        System.arraycopy(least, 0, without, 0, at);
        System.arraycopy(
            least, least.length - (without.length - at), without, at, without.length - at);
        if (outcome.equals(target.outcome(without))) {
          least = without;
        } else {
          at += part;
        }
      }
    }
    return least;
  }

  private static List<Path> files(Path... directories) throws IOException {
    Stream<Path> all = Stream.empty();
    for (Path directory : directories) {
      if (Files.isDirectory(directory)) {
        try (Stream<Path> files = Files.list(directory)) {
          all = Stream.concat(all, files.toList().stream());
        }
      }
    }
    return all.sorted(Comparator.naturalOrder()).toList();
  }
}
