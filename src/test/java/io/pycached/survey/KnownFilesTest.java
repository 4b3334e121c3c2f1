package io.pycached.survey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class KnownFilesTest {
  private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");

  private final KnownFiles known = new KnownFiles();
  private final byte[] head = new byte[16];

  @Test
  void freeze_thenMore_answersWhatWasKnownAndNoMore() {
    known.remember(11, bytes(1));
    known.freeze();
    known.remember(12, bytes(2));
    known.whole(13);
    assertThat(known.header(11, new byte[16])).isTrue();
    assertThat(known.header(12, new byte[16])).isFalse();
    assertThat(known.isWhole(13)).isFalse();
    assertThat(known.size()).isEqualTo(1);
  }

  @Test
  void header_remembered_comesBackByteForByte() {
    known.remember(7, bytes(1));
    assertThat(known.header(7, head)).isTrue();
    assertThat(head).isEqualTo(bytes(1));
  }

  @Test
  void header_ofAnotherFile_isNotKnown() {
    known.remember(7, bytes(1));
    assertThat(known.header(8, head)).isFalse();
  }

  @Test
  void header_onlyTheBodyIsKnown_isNotKnown() {
    known.whole(7);
    assertThat(known.header(7, head)).isFalse();
    assertThat(known.isWhole(7)).isTrue();
  }

  @Test
  void identity_anyPartDiffers_differs() {
    assertThat(
            LongStream.of(
                KnownFiles.identity(1, 2, 3),
                KnownFiles.identity(4, 2, 3),
                KnownFiles.identity(1, 4, 3),
                KnownFiles.identity(1, 2, 4),
                KnownFiles.identity(2, 1, 3)))
        .doesNotHaveDuplicates();
  }

  @Test
  void header_thousandsOfFiles_areAllKnown() {
    for (int i = 1; i <= 20_000; i++) {
      known.remember(KnownFiles.identity(i, i, i), bytes(i));
    }
    for (int i = 1; i <= 20_000; i++) {
      assertThat(known.header(KnownFiles.identity(i, i, i), head)).isTrue();
      assertThat(head).isEqualTo(bytes(i));
    }
    assertThat(known.size()).isEqualTo(20_000);
  }

  // What the bound is for.

  @Test
  void header_moreThanTheBound_areNotKnownAndHarmNothing() {
    KnownStripe stripe = new KnownStripe(3);
    assertThat(stripe.findOrAdd(5)).isNotNegative();
    assertThat(stripe.findOrAdd(6)).isNotNegative();
    assertThat(stripe.findOrAdd(7)).isNotNegative();
    assertThat(stripe.findOrAdd(8)).isNegative();
    assertThat(stripe.find(6)).isNotNegative();
    assertThat(stripe.size()).isEqualTo(3);
  }

  @Test
  void turn_notAskedForSinceTheLastOne_isForgotten() {
    known.remember(7, bytes(1));
    known.remember(8, bytes(2));
    known.turn();
    assertThat(known.header(8, head)).isTrue();
    known.turn();
    assertThat(known.header(7, head)).isFalse();
    assertThat(known.header(8, head)).isTrue();
    assertThat(known.size()).isEqualTo(1);
  }

  // When somebody else used it.

  @Test
  void used_neverReadByUs_isTheAccessTime() {
    assertThat(known.used(7, at(-3_600))).isEqualTo(NOON.minusSeconds(3_600));
  }

  @Test
  void used_weMovedTheAccessTime_isWhatItWasBefore() {
    known.reading(7, at(-3_600), NOON);
    assertThat(known.used(7, at(0))).isEqualTo(NOON.minusSeconds(3_600));
  }

  @Test
  void used_weReadItAndTheMountDidNotMoveIt_isTheAccessTime() {
    known.reading(7, at(-3_600), NOON);
    assertThat(known.used(7, at(-3_600))).isEqualTo(NOON.minusSeconds(3_600));
  }

  @Test
  void used_bySomebodyElseAfterUs_isThat() {
    known.reading(7, at(-3_600), NOON);
    assertThat(known.used(7, at(90))).isEqualTo(NOON.plusSeconds(90));
  }

  @Test
  void used_weReadItTwice_isWhatItWasBeforeTheFirst() {
    known.reading(7, at(-3_600), NOON);
    known.reading(7, at(0), NOON.plus(Duration.ofDays(2)));
    assertThat(known.used(7, at(2 * 86_400))).isEqualTo(NOON.minusSeconds(3_600));
  }

  @Test
  void used_byOthersBetweenOurReads_isThat() {
    known.reading(7, at(-3_600), NOON);
    known.reading(7, at(300), NOON.plusSeconds(900));
    assertThat(known.used(7, at(900))).isEqualTo(NOON.plusSeconds(300));
  }

  // Across a restart.

  @Test
  void load_whatWasSaved_isKnownAgain() {
    known.remember(7, bytes(1));
    known.whole(7);
    known.reading(9, at(-3_600), NOON);
    KnownFiles later = new KnownFiles();
    later.load(joined(known.save()));
    assertThat(later.header(7, head)).isTrue();
    assertThat(head).isEqualTo(bytes(1));
    assertThat(later.isWhole(7)).isTrue();
    assertThat(later.isWhole(9)).isFalse();
    assertThat(later.used(9, at(0))).isEqualTo(NOON.minusSeconds(3_600));
  }

  @Test
  void load_cutShort_knowsWhatIsThere() {
    known.remember(7, bytes(1));
    known.remember(8, bytes(2));
    byte[] saved = joined(known.save());
    KnownFiles later = new KnownFiles();
    later.load(Arrays.copyOf(saved, saved.length - 1));
    assertThat(later.size()).isEqualTo(1);
  }

  private static byte[] joined(byte[][] pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  private static FileTime at(long seconds) {
    return FileTime.from(NOON.plusSeconds(seconds));
  }

  private static byte[] bytes(int seed) {
    byte[] bytes = new byte[16];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (seed * 31 + i);
    }
    return bytes;
  }
}
