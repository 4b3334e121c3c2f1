package io.pycached.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MirrorNameParserTest {

  @ParameterizedTest
  @CsvSource({
    "m.cpython-311.pyc,                          m,            cpython-311, '',  '',            .pyc",
    "m.cpython-311.opt-1.pyc,                    m,            cpython-311, 1,   '',            .pyc",
    "m.cpython-312.opt-2.pyc,                    m,            cpython-312, 2,   '',            .pyc",
    "m.cpython-312.opt-5.pyc,                    m,            cpython-312, 5,   '',            .pyc",
    "m.cpython-312.opt-0.pyc,                    m,            cpython-312, 0,   '',            .pyc",
    "foo.bar.cpython-312.pyc,                    foo.bar,      cpython-312, '',  '',            .pyc",
    "foo.bar.cpython-312.opt-1.pyc,              foo.bar,      cpython-312, 1,   '',            .pyc",
    "foo.cpython-311.cpython-312.pyc,     foo.cpython-311,     cpython-312, '',  '',            .pyc",
    "foo.opt-1.cpython-312.pyc,                  foo.opt-1,    cpython-312, '',  '',            .pyc",
    "foo.opt-1.cpython-312.opt-2.pyc,            foo.opt-1,    cpython-312, 2,   '',            .pyc",
    "m.pyc.cpython-312.pyc,                      m.pyc,        cpython-312, '',  '',            .pyc",
    "m.cpython-312.pyc.7.cpython-312.pyc, m.cpython-312.pyc.7, cpython-312, '',  '',            .pyc",
    ".hidden.cpython-313.pyc,                    .hidden,      cpython-313, '',  '',            .pyc",
    "..cpython-313.pyc,                          .,            cpython-313, '',  '',            .pyc",
    "py.cpython-38.pyc,                          py,           cpython-38,  '',  '',            .pyc",
    "a b.cpython-38.pyc,                         a b,          cpython-38,  '',  '',            .pyc",
    "m.pypy39.pyc,                               m,            pypy39,      '',  '',            .pyc",
    "m.pypy310.opt-1.pyc,                        m,            pypy310,     1,   '',            .pyc",
    "m.graalpy242-311.pyc,                       m,            graalpy242-311, '', '',          .pyc",
    "t.cpython-311-pytest-9.0.3.pyc,             t,  cpython-311, '', -pytest-9.0.3,            .pyc",
    "t.cpython-311-pytest-9.0.3.pyo,             t,  cpython-311, '', -pytest-9.0.3,            .pyo",
    "t.cpython-311-pytest-8.pyc,                 t,  cpython-311, '', -pytest-8,                .pyc",
    "t.cpython-311-pytest-9.0.0rc1.pyc,          t,  cpython-311, '', -pytest-9.0.0rc1,         .pyc",
    "t.v2.cpython-311-pytest-9.1.0.dev27+g0a.pyc, t.v2, cpython-311, '', -pytest-9.1.0.dev27+g0a, .pyc",
    "t.pypy39-pytest-8.3.4.pyc,                  t,  pypy39,      '', -pytest-8.3.4,            .pyc",
    "x-pytest-8.cpython-312.pyc,                 x-pytest-8,   cpython-312, '',  '',            .pyc",
    "x-pytest-8.pypy39.pyc,                      x-pytest-8,   pypy39,      '',  '',            .pyc",
    "x-pytest-8.v2.pypy39.opt-1.pyc,             x-pytest-8.v2, pypy39,     1,   '',            .pyc",
    "m.cpython-311.opt-typeguard442.pyc,         m,   cpython-311, typeguard442, '',            .pyc",
    "m.cpython-311.opt-jaxtyping0a3B.pyc,        m,   cpython-311, jaxtyping0a3B, '',           .pyc",
    "m.cpython-36.pyo,                           m,            cpython-36,  '',  '',            .pyo",
  })
  void parse_bytecodeOfSourceWithExtension_isReadFromTheRight(
      String name, String module, String tag, String level, String writer, String suffix) {
    Variant variant = new Variant(new CacheTag(tag), level);
    assertThat(MirrorName.parse(name))
        .isEqualTo(new MirrorName.Bytecode(module, false, variant, writer, suffix));
  }

  @ParameterizedTest
  @CsvSource({
    "scriptcpython-312.pyc,           script,       cpython-312, ''",
    "scriptcpython-312.opt-1.pyc,     script,       cpython-312, 1",
    "scriptpypy39.pyc,                script,       pypy39,      ''",
    "scriptgraalpy242-311.pyc,        script,       graalpy242-311, ''",
    "cpython-311cpython-312.pyc,      cpython-311,  cpython-312, ''",
    "run-pytest-8pypy39.pyc,          run-pytest-8, pypy39,      ''",
    "xcpython-3pypy39.pyc,            xcpython-3,   pypy39,      ''",
    "xpypycpython-312.pyc,            xpypy,        cpython-312, ''",
  })
  void parse_bytecodeOfExtensionlessSource_hasNoDotBeforeTheTag(
      String name, String module, String tag, String level) {
    Variant variant = new Variant(new CacheTag(tag), level);
    assertThat(MirrorName.parse(name))
        .isEqualTo(new MirrorName.Bytecode(module, true, variant, "", ".pyc"));
  }

  @ParameterizedTest
  @CsvSource({
    "m.cpython-312.pyc.140234567890,      m.cpython-312.pyc",
    "m.cpython-312.pyc.0,                 m.cpython-312.pyc",
    "m.cpython-312.opt-1.pyc.14023,       m.cpython-312.opt-1.pyc",
    "t.cpython-311-pytest-9.0.3.pyc.4711, t.cpython-311-pytest-9.0.3.pyc",
    "t.cpython-311-pytest-9.0.3.pyo.4712, t.cpython-311-pytest-9.0.3.pyo",
    "scriptcpython-312.pyc.99,            scriptcpython-312.pyc",
    "v.1.cpython-312.pyc.2,               v.1.cpython-312.pyc",
  })
  void parse_nameThatAWriterRenamesFrom_isTemporary(String name, String intended) {
    assertThat(MirrorName.parse(name))
        .isEqualTo(
            new MirrorName.Temporary(
                (MirrorName.Bytecode) MirrorName.parse(intended),
                name.substring(intended.length() + 1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        ".pyc",
        ".pyo",
        "foo.pyc",
        "foo.pyo",
        "foo.py",
        "data.pyc.1",
        "data.v2.pyc",
        "foo.XX.YY.pyc",
        "m.cpython-312.pyc.",
        "m.cpython-312.pyc.12a",
        "m.cpython-312.pyc.-3",
        "m.cpython-312.pyc.1.2",
        "m.cpython-312.pyc~",
        "m.cpython-312.PYC",
        "m.CPYTHON-312.pyc",
        "m.cpython-.pyc",
        "m.cpython.pyc",
        "m.cpython-312 .pyc",
        "m.cpython-312\n.pyc",
        "m.cpython-312.pyc\n",
        "m.cpython-312.opt-.pyc",
        "m.cpython-312.opt-a_b.pyc",
        "m.cpython-312.nbi",
        "m.cpython-312.so",
        "cpython-312.pyc",
        ".cpython-312.pyc",
        ".cpython-312.pyc.5",
        "cpython-312.opt-1.pyc",
        "-pytest-8.0.pyc",
        "m.v2-pytest-8.0.pyc",
        "m.cpython-312-pytest-.pyc",
        "m.cpython-312.pyc.new",
        ".pycached.lock",
        ".nfs000000000000001",
      })
  void parse_anyOtherName_isForeign(String name) {
    assertThat(MirrorName.parse(name)).isEqualTo(new MirrorName.Foreign());
  }

  @ParameterizedTest
  @CsvSource({
    "m.cpython-312.pyc,                 m.py m.pyw .m",
    "foo.bar.cpython-312.pyc,           foo.bar.py foo.bar.pyw",
    ".foo.cpython-312.pyc,              .foo.py .foo.pyw",
    "py.cpython-312.pyc,                py.py py.pyw .py",
    "scriptcpython-312.pyc,             script",
    "t.cpython-311-pytest-9.0.3.pyc,    t.py t.pyw .t",
  })
  void sourceNames_ofBytecode_areThoseThatMapToIt(String name, String sources) {
    MirrorName.Bytecode bytecode = (MirrorName.Bytecode) MirrorName.parse(name);
    assertThat(bytecode.sourceNames()).containsExactly(sources.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource({
    "m.cpython-312.pyc,                  false",
    "m.cpython-312.opt-2.pyc,            false",
    "m.cpython-312.opt-5.pyc,            false",
    "m.cpython-312.opt-typeguard442.pyc, true",
    "t.cpython-311-pytest-9.0.3.pyc,     true",
    "t.cpython-311-pytest-9.0.3.pyo,     true",
  })
  void isRewritten_ofBytecode_tellsToolsFromTheCompiler(String name, boolean rewritten) {
    MirrorName.Bytecode bytecode = (MirrorName.Bytecode) MirrorName.parse(name);
    assertThat(bytecode.isRewritten()).isEqualTo(rewritten);
  }
}
