package io.pycached.pyc;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fuzz.Target;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A header is read, and written again as it was, or is malformed. */
public final class PycHeaderTarget implements Target {
  @Override
  public String outcome(byte[] input) {
    ByteBuffer bytes = ByteBuffer.wrap(input);
    PycHeader header;
    try {
      header = PycHeader.parse(bytes);
    } catch (MalformedPycException malformed) {
      return malformed.defect() + " " + Target.kind(String.valueOf(malformed.getMessage()));
    }
    assertThat(bytes.position()).isZero();
    assertThat(header.encode()).isEqualTo(Arrays.copyOf(input, header.magic().headerBytes()));
    return "%s %s, flags %d, %s"
        .formatted(
            header.magic().implementation(),
            header.magic().python(),
            header.flags(),
            header.invalidation().getClass().getSimpleName());
  }

  @Override
  public List<byte[]> seeds() {
    return IntStream.range(0, 1 << 16)
        .mapToObj(Magics::find)
        .flatMap(magic -> magic.stream())
        .filter(Magic::release)
        .filter(magic -> magic.headerBytes() >= 12 && magic.number() < 21_100)
        .map(magic -> PycHeader.of(magic, new Invalidation.Timestamp(7, 9)).encode())
        .toList();
  }
}
