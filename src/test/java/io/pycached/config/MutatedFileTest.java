package io.pycached.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that went wrong somewhere: settings or a ConfigException, and nothing else. */
final class MutatedFileTest {

  private static final int MUTANTS = 150;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 20, 300, 4000})
  void read_mutant_isSettingsOrConfigException(long seed) throws IOException {
    byte[] original = ExampleFileTest.enabled().getBytes(StandardCharsets.UTF_8);
    Random random = new Random(seed);
    Etc etc = Etc.of("");
    int[] refused = {0};

    Assertions.assertTimeoutPreemptively(
        LIMIT,
        () -> {
          for (int i = 0; i < MUTANTS; i++) {
            Files.write(etc.main, mutate(original, random));
            try {
              etc.read();
            } catch (ConfigException e) {
              assertThat(e.errors()).isNotEmpty().isSorted();
              assertThat(e.errors()).allMatch(error -> !error.message().isBlank());
              refused[0]++;
            }
          }
        });

    assertThat(refused[0]).isBetween(MUTANTS / 10, MUTANTS);
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = original.clone();
    for (int n = 1 + random.nextInt(8); n > 0; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) "[]{}=\"'.,#\n\\0_".charAt(random.nextInt(14));
        case 2 -> bytes = without(bytes, at, 1 + random.nextInt(12));
        default -> bytes = Arrays.copyOf(bytes, Math.max(1, bytes.length - random.nextInt(100)));
      }
    }
    return bytes;
  }

  private static byte[] without(byte[] bytes, int from, int count) {
    int to = Math.min(bytes.length, from + count);
    ByteArrayOutputStream left = new ByteArrayOutputStream();
    left.write(bytes, 0, Math.max(1, from));
    left.write(bytes, to, bytes.length - to);
    return left.toByteArray();
  }
}
