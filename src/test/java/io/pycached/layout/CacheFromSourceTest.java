package io.pycached.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CacheFromSourceTest {
  private static final Variant PLAIN = Variant.parse("cpython-312");

  @ParameterizedTest
  @CsvSource({
    "foo.py,      foo.cpython-312.pyc",
    "foo.pyw,     foo.cpython-312.pyc",
    "foo.txt,     foo.cpython-312.pyc",
    "foo.bar.py,  foo.bar.cpython-312.pyc",
    "foo.,        foo.cpython-312.pyc",
    "script,      scriptcpython-312.pyc",
    ".py,         py.cpython-312.pyc",
    "py.py,       py.cpython-312.pyc",
    ".hidden.py,  .hidden.cpython-312.pyc",
    "..py,        ..cpython-312.pyc",
    "'',          cpython-312.pyc",
  })
  void name_ofSource_isImportlibs(String tail, String expected) {
    assertThat(CacheFromSource.name(tail, PLAIN)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/srv/app/m.py,       /pfx/srv/app/m.cpython-312.pyc",
    "/a/b/../c/m.py,      /pfx/a/b/../c/m.cpython-312.pyc",
    "/a//b/m.py,          /pfx/a//b/m.cpython-312.pyc",
    "/a/./b/m.py,         /pfx/a/./b/m.cpython-312.pyc",
    "//a/m.py,            /pfx/a/m.cpython-312.pyc",
    "/a//m.py,            /pfx/a/m.cpython-312.pyc",
    "///m.py,             /pfx/m.cpython-312.pyc",
    "/m.py,               /pfx/work/dir/m.cpython-312.pyc",
    "m.py,                /pfx/work/dir/m.cpython-312.pyc",
    "pkg/m.py,            /pfx/work/dir/pkg/m.cpython-312.pyc",
    "../m.py,             /pfx/work/dir/../m.cpython-312.pyc",
    "/a/,                 /pfx/a/cpython-312.pyc",
  })
  void path_ofSource_keepsWhatImportlibKeeps(String source, String expected) {
    assertThat(new CacheFromSource("/pfx/", "/work/dir").path(source, PLAIN)).hasValue(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "cpython-38,  ./m.py,       /pfx/w/./m",
    "cpython-311, ./pkg/m.py,   /pfx/w/./pkg/m",
    "cpython-312, ./pkg/m.py,   /pfx/w/pkg/m",
    "cpython-313, ././pkg/m.py, /pfx/w/./pkg/m",
    "cpython-314, .//pkg/m.py,  /pfx/w//pkg/m",
    "cpython-312, ./m.py,       /pfx/w/./m",
    "cpython-312, ../pkg/m.py,  /pfx/w/../pkg/m",
    "pypy310,     ./pkg/m.py,   /pfx/w/./pkg/m",
  })
  void path_ofSourceInDotSlash_dependsOnTheVersion(String tag, String source, String expected) {
    assertThat(new CacheFromSource("/pfx", "/w").path(source, Variant.parse(tag)))
        .hasValue(expected + "." + tag + ".pyc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"m.py", "/m.py", "//m.py"})
  void path_whereImportlibRaises_isNothing(String source) {
    assertThat(new CacheFromSource("/pfx", "/").path(source, PLAIN)).isEmpty();
  }

  @Test
  void path_belowTheRootAsWorkingDirectory_isThere() {
    assertThat(new CacheFromSource("/pfx", "/").path("a/m.py", PLAIN))
        .hasValue("/pfx/a/m.cpython-312.pyc");
  }

  @ParameterizedTest
  @CsvSource({
    "/,        /a/m.py,  /a/m.cpython-312.pyc",
    "/,        ///m.py,  /m.cpython-312.pyc",
    "rel/pfx,  /a/m.py,  rel/pfx/a/m.cpython-312.pyc",
    "/pfx//,   /a/m.py,  /pfx/a/m.cpython-312.pyc",
  })
  void path_withOddPrefix_isImportlibs(String prefix, String source, String expected) {
    assertThat(new CacheFromSource(prefix, "/w").path(source, PLAIN)).hasValue(expected);
  }

  @Test
  void path_ofOptimizedVariant_namesTheLevel() {
    assertThat(new CacheFromSource("/pfx", "/w").path("/a/m.py", Variant.parse("cpython-38.opt-2")))
        .hasValue("/pfx/a/m.cpython-38.opt-2.pyc");
  }
}
