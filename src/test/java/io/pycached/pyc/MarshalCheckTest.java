package io.pycached.pyc;

import static io.pycached.pyc.Marshalled.NONE;
import static io.pycached.pyc.Marshalled.NULL;
import static io.pycached.pyc.Marshalled.bytes;
import static io.pycached.pyc.Marshalled.flagged;
import static io.pycached.pyc.Marshalled.join;
import static io.pycached.pyc.Marshalled.raw;
import static io.pycached.pyc.Marshalled.reference;
import static io.pycached.pyc.Marshalled.repeat;
import static io.pycached.pyc.Marshalled.sized;
import static io.pycached.pyc.Marshalled.text;
import static io.pycached.pyc.Marshalled.tuple;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MarshalCheckTest {
  private static final Magic PYTHON_38 = Magics.find(3413).orElseThrow();
  private static final Magic PYTHON_312 = Magics.find(3531).orElseThrow();
  private static final Magic PYTHON_313 = Magics.find(3571).orElseThrow();
  private static final Magic PYTHON_314 = Magics.find(3627).orElseThrow();

  @Test
  void check_module_summarisesItsCode() {
    Marshalled.Code inner = Marshalled.code(PYTHON_312);
    inner.name = flagged(text("inner"));
    inner.consts = tuple(Marshalled.code(PYTHON_312).encode());
    Marshalled.Code module = Marshalled.code(PYTHON_312);
    module.consts = tuple(flagged(inner.encode()), NONE, reference(0));
    module.names = tuple(text("os"), reference(1), sized('u', 3, raw('x', 0xC3, 0xA9)));
    module.filename = sized('u', 5, raw('/', 0xED, 0xB3, 0xBF, 'p'));
    module.firstLine = 7;
    byte[] body = join(module.encode(), raw(1, 2, 3));

    assertThat(check(body, PYTHON_312))
        .isEqualTo(
            new Body.Intact(
                new CodeSummary(
                    CodeFilename.of(raw('/', 0xFF, 'p')),
                    "<module>",
                    7,
                    List.of("os", "inner", "x\u00e9"),
                    List.of("inner", "inner")),
                3));
  }

  @Test
  void check_bufferInTheMiddleOfAnother_readsItsRemainderAndLeavesIt() {
    byte[] body = Marshalled.code(PYTHON_38).encode();
    ByteBuffer file = ByteBuffer.allocateDirect(16 + body.length).put(16, body).position(16);
    assertThat(MarshalCheck.check(file.asReadOnlyBuffer(), PYTHON_38))
        .isEqualTo(check(body, PYTHON_38))
        .isInstanceOf(Body.Intact.class);
    assertThat(file.position()).isEqualTo(16);
  }

  @Test
  void check_damage_saysWhatAndWhere() {
    assertThat(check(raw(), PYTHON_312))
        .isEqualTo(new Body.Damaged(Defect.TRUNCATED_BODY, "EOF read where object expected", 0));
    assertThat(check(sized('s', 9, raw('a')), PYTHON_312))
        .isEqualTo(new Body.Damaged(Defect.TRUNCATED_BODY, "marshal data too short", 5));
    assertThat(check(tuple(NONE, raw('?')), PYTHON_312))
        .isEqualTo(
            new Body.Damaged(
                Defect.MALFORMED_BODY, "bad marshal data (unknown type code 0x3f)", 4));
    assertThat(check(text("print"), PYTHON_312))
        .isEqualTo(new Body.Damaged(Defect.NOT_CODE, "object is not a code object", 7));
  }

  @Test
  void check_slice_isKnownSince314() {
    byte[] slice = join(raw(':'), NONE, NONE, NONE);
    assertThat(verdict(inConstants(PYTHON_313, slice), PYTHON_313))
        .isEqualTo(Defect.MALFORMED_BODY);
    assertThat(check(inConstants(PYTHON_314, slice), PYTHON_314)).isInstanceOf(Body.Intact.class);
    byte[] twice = tuple(flagged(slice), reference(0));
    assertThat(check(inConstants(PYTHON_314, twice), PYTHON_314)).isInstanceOf(Body.Intact.class);
  }

  @Test
  void check_damagedSlice_isDamaged() {
    byte[] cut = join(raw(':'), NONE, NONE);
    byte[] withNull = join(raw(':'), NONE, NULL, NONE);
    byte[] inItself = flagged(join(raw(':'), NONE, reference(0), NONE));
    byte[] ofList = join(raw(':'), NONE, NONE, sized('[', 0));
    assertThat(verdict(cut, PYTHON_314)).isEqualTo(Defect.TRUNCATED_BODY);
    assertThat(verdict(withNull, PYTHON_314)).isEqualTo(Defect.MALFORMED_BODY);
    assertThat(verdict(inItself, PYTHON_314)).isEqualTo(Defect.MALFORMED_BODY);
    assertThat(verdict(ofList, PYTHON_314)).isEqualTo(Defect.NOT_CODE);
    assertThat(verdict(sized('<', 1, ofList), PYTHON_314)).isEqualTo(Defect.MALFORMED_BODY);
  }

  @ParameterizedTest
  @CsvSource({"3379", "3493", "3660", "240", "432", "21290"})
  void check_unknownDialect_isUnchecked(int number) {
    Magic magic = Magics.find(number).orElseThrow();
    assertThat(check(raw('?'), magic))
        .isEqualTo(
            new Body.Unchecked("the marshal format of magic number " + number + " is not known"));
  }

  @Test
  void check_deepestNesting_needsNoDeepStack() throws InterruptedException {
    byte[] deepest = join(repeat(raw(')', 1), 1_999), NONE);
    byte[] tooDeep = join(repeat(raw(')', 1), 2_000), NONE);
    AtomicReference<Defect> first = new AtomicReference<>();
    AtomicReference<Defect> second = new AtomicReference<>();
    Thread small =
        new Thread(
            null,
            () -> {
              first.set(verdict(deepest, PYTHON_312));
              second.set(verdict(tooDeep, PYTHON_312));
            },
            "small stack",
            1 << 17);
    small.start();
    small.join(Duration.ofSeconds(10).toMillis());
    assertThat(first).hasValue(Defect.NOT_CODE);
    assertThat(second).hasValue(Defect.MALFORMED_BODY);
  }

  @Test
  @Timeout(10)
  void check_manyCodeObjectsThatShareHugeTables_takesNoLongerThanItsBytes() {
    int locals = 200_000;
    Marshalled.Code first = Marshalled.code(PYTHON_312);
    first.locals = flagged(sized('(', locals, repeat(raw('z', 1, 'a'), locals)));
    first.kinds = flagged(sized('s', locals, new byte[locals]));
    Marshalled.Code other = Marshalled.code(PYTHON_312);
    other.locals = reference(0);
    other.kinds = reference(1);
    int count = 20_000;
    byte[] codes = join(sized('(', count + 1), first.encode(), repeat(other.encode(), count));
    assertThat(check(inConstants(PYTHON_312, codes), PYTHON_312)).isInstanceOf(Body.Intact.class);
  }

  @Test
  @Timeout(10)
  void check_namesThatRepeatOneLongString_areCutAtTheBodysLength() {
    Marshalled.Code code = Marshalled.code(PYTHON_312);
    byte[] longName = flagged(sized('a', 100_000, repeat(raw('n'), 100_000)));
    code.names = join(sized('(', 50_001), longName, repeat(reference(0), 50_000));
    Body body = check(code.encode(), PYTHON_312);
    assertThat(body).isInstanceOf(Body.Intact.class);
    assertThat(((Body.Intact) body).code().names()).hasSize(3);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {41, 42, 43, 44, 45})
  void check_anyBytes_neverThrows(long seed) {
    Random random = new Random(seed);
    List<byte[]> bodies =
        CraftedBodies.of(PYTHON_314).values().stream().filter(b -> b.length > 0).toList();
    int damaged = 0;
    for (int i = 0; i < 2_000; i++) {
      Body body = check(Mutant.of(bodies, random), PYTHON_314);
      assertThat(body).isNotInstanceOf(Body.Unchecked.class);
      damaged += body instanceof Body.Damaged ? 1 : 0;
    }
    assertThat(damaged).isBetween(1_000, 1_999);
  }

  @Test
  void check_craftedBodiesOf314_areThoseOf313() {
    // No rule has changed between the two but for slices.
    Map<String, byte[]> bodies = CraftedBodies.of(PYTHON_313);
    bodies.keySet().removeIf(name -> name.contains("slice") || name.contains("code 3a"));
    bodies.keySet().removeIf(name -> name.contains("code ba"));
    assertThat(bodies).hasSizeGreaterThan(1_000);
    bodies.forEach(
        (name, body) ->
            assertThat(check(body, PYTHON_314)).as(name).isEqualTo(check(body, PYTHON_313)));
  }

  private static byte[] inConstants(Magic magic, byte[] constant) {
    Marshalled.Code code = Marshalled.code(magic);
    code.consts = tuple(constant, bytes(1));
    return code.encode();
  }

  private static Body check(byte[] body, Magic magic) {
    return MarshalCheck.check(ByteBuffer.wrap(body), magic);
  }

  private static Defect verdict(byte[] body, Magic magic) {
    Body verdict = check(body, magic);
    assertThat(verdict).isInstanceOf(Body.Damaged.class);
    return ((Body.Damaged) verdict).defect();
  }
}
