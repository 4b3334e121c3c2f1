package io.pycached.pyc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceHashTest {
  @ParameterizedTest
  @CsvSource({
    "3439, 28765e52ed782214",
    "3495, da812d7f407a3059",
    "3531, bf71f361a5f8cd69",
    "3571, 5a90791f83be4635",
  })
  void of_printOne_isWhatTheInterpreterSays(int number, String hash) {
    byte[] source = "print(1)\n".getBytes(UTF_8);
    assertThat(hex(SourceHash.of(Magics.find(number).orElseThrow(), source))).isEqualTo(hash);
  }

  @Test
  void of_goldenSources_areWhatTheInterpretersSaid() throws IOException {
    int compared = 0;
    for (String line : golden().lines().filter(l -> !l.startsWith("#")).toList()) {
      String[] fields = line.split("\t", -1);
      Magic magic = Magics.find(Integer.parseInt(fields[0])).orElseThrow();
      byte[] source = fields[1].equals("-") ? new byte[0] : HexFormat.of().parseHex(fields[1]);
      assertThat(hex(SourceHash.of(magic, source))).as(line).isEqualTo(fields[2]);
      compared++;
    }
    assertThat(compared).isEqualTo(147);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13, 14, 15})
  void digest_sourceInPieces_equalsTheWhole(long seed) {
    Random random = new Random(seed);
    byte[] source = new byte[1 + random.nextInt(500)];
    random.nextBytes(source);
    Magic magic = Magics.find(random.nextBoolean() ? 3531 : 3425).orElseThrow();

    SourceHash.Digest digest = new SourceHash.Digest(magic);
    int at = 0;
    while (at < source.length) {
      int length = Math.min(1 + random.nextInt(20), source.length - at);
      ByteBuffer piece = ByteBuffer.wrap(source, at, length);
      digest.update(piece);
      assertThat(piece.hasRemaining()).isFalse();
      at += length;
    }

    assertThat(digest.finish()).isEqualTo(SourceHash.of(magic, source));
    assertThat(digest.finish()).isEqualTo(SourceHash.of(magic, source));
  }

  @Test
  void of_directBuffer_equalsTheArrayAndLeavesThePosition() {
    Magic magic = Magics.find(3571).orElseThrow();
    byte[] source = "import this, antigravity\n".getBytes(UTF_8);
    ByteBuffer direct = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
    direct.put((byte) 1).put(source).flip().position(1);
    assertThat(SourceHash.of(magic, direct)).isEqualTo(SourceHash.of(magic, source));
    assertThat(direct.position()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {3379, 192, 21290})
  void of_magicWithoutAKnownHash_isRefused(int number) {
    Magic magic = Magics.find(number).orElseThrow();
    assertThat(magic.hash().isComputable()).isFalse();
    assertThatThrownBy(() -> SourceHash.of(magic, new byte[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String hex(long hash) {
    return HexFormat.of().toHexDigits(Long.reverseBytes(hash));
  }

  private static String golden() throws IOException {
    try (InputStream in = SourceHashTest.class.getResourceAsStream("source-hashes.tsv")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
