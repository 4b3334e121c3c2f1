package io.pycached.pyc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pycached.pyc.Invalidation.Hash;
import io.pycached.pyc.Invalidation.Timestamp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PycHeaderTest {
  private static final Magic PYTHON_312 = Magics.find(3531).orElseThrow();

  @Test
  void parse_timestamp_hasMtimeAndSize() throws MalformedPycException {
    assertThat(parse("cb0d0d0a 00000000 04030201 08070605"))
        .isEqualTo(new PycHeader(PYTHON_312, 0, new Timestamp(0x01020304, 0x05060708)));
  }

  @ParameterizedTest
  @CsvSource({"01000000, false, unchecked-hash", "03000000, true, checked-hash"})
  void parse_hashFlag_hasHash(String flags, boolean checkSource, String label)
      throws MalformedPycException {
    PycHeader header = parse("cb0d0d0a " + flags + " 08070605 f4f3f2f1");
    assertThat(header.invalidation()).isEqualTo(new Hash(0xf1f2f3f4_05060708L, checkSource));
    assertThat(header.invalidation().label()).isEqualTo(label);
  }

  @Test
  void parse_checkSourceWithoutHashFlag_isATimestamp() throws MalformedPycException {
    PycHeader header = parse("cb0d0d0a 02000000 01000000 02000000");
    assertThat(header).isEqualTo(new PycHeader(PYTHON_312, 2, new Timestamp(1, 2)));
    assertThat(header.invalidation().label()).isEqualTo("timestamp");
    assertThat(header.encode()).isEqualTo(bytes("cb0d0d0a 02000000 01000000 02000000"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"330d0d0a 01000000 02000000", "700d0d0a 01000000 02000000"})
  void parse_headerFromBeforePep552_hasNoFlags(String hex) throws MalformedPycException {
    String twelve = hex.replace("700d0d0a", "70000d0a");
    PycHeader header = parse(twelve);
    assertThat(header.invalidation()).isEqualTo(new Timestamp(1, 2));
    assertThat(header.flags()).isZero();
    assertThat(header.encode()).isEqualTo(bytes(twelve));
  }

  @ParameterizedTest
  @CsvSource({
    "'',                                    SHORT_HEADER",
    "'cb0d0d',                              SHORT_HEADER",
    "'cb0d0d0a',                            SHORT_HEADER",
    "'cb0d0d0a 00000000 00000000 000000',   SHORT_HEADER",
    "'330d0d0a 00000000 000000',            SHORT_HEADER",
    "'00000000',                            BAD_MAGIC",
    "'cb0d0a0a',                            BAD_MAGIC",
    "'00000000 00000000 00000000 00000000', BAD_MAGIC",
    "'3d0d0d0a',                            UNKNOWN_MAGIC",
    "'6c0c0d0a 00000000',                   UNKNOWN_MAGIC", // 3180: 8 bytes of header
    "'cb0d0d0a 04000000 00000000 00000000', BAD_FLAGS",
    "'cb0d0d0a 00000080 00000000 00000000', BAD_FLAGS",
    "'cb0d0d0a 04000000 00000000 000000',   SHORT_HEADER", // the length comes before the flags
  })
  void parse_noHeader_namesTheDefect(String hex, Defect defect) {
    var thrown = catchThrowableOfType(MalformedPycException.class, () -> parse(hex));
    assertThat(thrown.defect()).isEqualTo(defect);
    assertThat(thrown).hasMessageMatching(".* (is|are) .*").hasNoCause();
    assertThat(thrown.getStackTrace()).isEmpty();
  }

  @Test
  void parse_bigEndianBufferWithPositionAndMore_readsThereAndLeavesIt()
      throws MalformedPycException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes("ffff cb0d0d0a 00000000 07000000 09000000 63"));
    buffer.position(2).order(ByteOrder.BIG_ENDIAN);
    assertThat(PycHeader.parse(buffer).invalidation()).isEqualTo(new Timestamp(7, 9));
    assertThat(buffer.position()).isEqualTo(2);
    assertThat(buffer.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void encode_thenParse_isIdentity(long seed) throws MalformedPycException {
    Random random = new Random(seed);
    Invalidation invalidation =
        random.nextBoolean()
            ? new Timestamp(random.nextInt(), random.nextInt())
            : new Hash(random.nextLong(), random.nextBoolean());
    PycHeader header = PycHeader.of(PYTHON_312, invalidation);
    assertThat(PycHeader.parse(ByteBuffer.wrap(header.encode()))).isEqualTo(header);
  }

  @Test
  void constructor_flagsThatContradictTheMode_areRefused() {
    assertThatThrownBy(() -> new PycHeader(PYTHON_312, 0, new Hash(1, true)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PycHeader(PYTHON_312, 1, new Timestamp(1, 2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void matches_sourceStat_comparesAsImportlibDoes() {
    Timestamp timestamp = new Timestamp(1_700_000_001, 7);
    assertThat(timestamp.matches(1_700_000_001, 0, 7)).isTrue();
    assertThat(timestamp.matches(1_700_000_000, 999_999_999, 7)).isTrue();
    assertThat(timestamp.matches(1_700_000_000, 500_000_000, 7)).isFalse();
    assertThat(timestamp.matches(1_700_000_001, 0, 8)).isFalse();
    assertThat(timestamp.matches(1_700_000_001 + (1L << 32), 0, 7 + (1L << 32))).isTrue();
  }

  private static PycHeader parse(String hex) throws MalformedPycException {
    return PycHeader.parse(ByteBuffer.wrap(bytes(hex)));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
