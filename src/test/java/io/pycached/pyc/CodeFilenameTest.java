package io.pycached.pyc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CodeFilenameTest {
  @Test
  void fsencode_surrogateEscapes_areTheirBytes() {
    CodeFilename name = CodeFilename.fsencode("/caf\udce9/\u00fc\ud83d\ude00\udcff.py");
    assertThat(name.bytes())
        .isEqualTo(
            Marshalled.join(
                "/caf".getBytes(UTF_8),
                Marshalled.raw(0xE9, '/'),
                "\u00fc\ud83d\ude00".getBytes(UTF_8),
                Marshalled.raw(0xFF),
                ".py".getBytes(UTF_8)));
    assertThat(name).hasToString("/caf\\xe9/\u00fc\ud83d\ude00\\xff.py");
  }

  @Test
  void fsencode_otherSurrogate_keepsMarshalsBytes() {
    assertThat(CodeFilename.fsencode("\ud801a").bytes())
        .isEqualTo(Marshalled.raw(0xED, 0xA0, 0x81, 'a'));
  }

  @Test
  void toString_utf8_isTheText() {
    assertThat(CodeFilename.of("/srv/\u00e9.py".getBytes(UTF_8))).hasToString("/srv/\u00e9.py");
    assertThat(CodeFilename.of(Marshalled.raw('a', 0xC3))).hasToString("a\\xc3");
  }

  @Test
  void equals_sameBytes_isTrueAndBytesAreCopies() {
    byte[] bytes = {'a', 'b'};
    CodeFilename name = CodeFilename.of(bytes);
    bytes[0] = 'x';
    name.bytes()[1] = 'y';
    assertThat(name)
        .isEqualTo(CodeFilename.fsencode("ab"))
        .hasSameHashCodeAs(CodeFilename.fsencode("ab"))
        .isNotEqualTo(CodeFilename.fsencode("xb"));
  }
}
