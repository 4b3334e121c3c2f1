package io.pycached.pyc;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fuzz.Target;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A body is intact or damaged, in every dialect; the first byte of an input chooses one. An intact
 * one stays what it is without what trails it, and no proper part of it is.
 */
public final class MarshalTarget implements Target {
  private static final List<Magic> MAGICS =
      IntStream.of(
              3379, 3394, 3401, 3413, 3425, 3439, 3490, 3495, 3531, 3571, 3607, 3627, 3660, 240)
          .mapToObj(number -> Magics.find(number).orElseThrow())
          .toList();

  @Override
  public String outcome(byte[] input) {
    if (input.length == 0) {
      return "nothing";
    }
    Magic magic = MAGICS.get((input[0] & 0xFF) % MAGICS.size());
    ByteBuffer bytes = ByteBuffer.wrap(input, 1, input.length - 1);
    Body body = MarshalCheck.check(bytes, magic);
    assertThat(bytes.position()).isEqualTo(1);
    if (body instanceof Body.Damaged damaged) {
      assertThat(damaged.offset()).isBetween(0L, input.length - 1L);
      return dialect(magic) + " " + damaged.defect() + " " + Target.kind(damaged.detail());
    }
    if (body instanceof Body.Intact intact) {
      assertThat(intact.trailingBytes()).isBetween(0L, input.length - 2L);
      int end = input.length - (int) intact.trailingBytes();
      assertThat(check(input, end, magic)).isEqualTo(new Body.Intact(intact.code(), 0));
      assertThat(check(input, end - 1, magic)).isInstanceOf(Body.Damaged.class);
      return "%s intact, names %d, functions %d"
          .formatted(
              dialect(magic),
              Math.min(intact.code().names().size(), 2),
              Math.min(intact.code().functions().size(), 2));
    }
    return "unchecked";
  }

  /** The first of the releases that write alike. */
  private static String dialect(Magic magic) {
    MarshalDialect dialect = MarshalDialect.of(magic).orElseThrow();
    if (dialect.slices()) {
      return "3.14";
    }
    return dialect.localsPlus() ? "3.11" : dialect.positionalOnly() ? "3.8" : "3.7";
  }

  private static Body check(byte[] input, int end, Magic magic) {
    return MarshalCheck.check(ByteBuffer.wrap(Arrays.copyOf(input, end), 1, end - 1), magic);
  }

  @Override
  public List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (int i = 0; i < MAGICS.size(); i++) {
      if (MarshalDialect.of(MAGICS.get(i)).isEmpty()) {
        continue;
      }
      for (byte[] body : CraftedBodies.of(MAGICS.get(i)).values()) {
        if (body.length < MAX_BYTES) {
          seeds.add(Marshalled.join(Marshalled.raw(i), body));
        }
      }
    }
    return seeds;
  }
}
