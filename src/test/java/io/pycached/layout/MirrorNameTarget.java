package io.pycached.layout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fuzz.Target;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lines: a name in a mirror, a source, a variant, a prefix, a working directory. A name says what
 * it is of, and that is cached under this name again; where a source is cached, its file's name
 * says so; and a path keeps its bytes.
 */
public final class MirrorNameTarget implements Target {
  @Override
  public String outcome(byte[] input) {
    String[] lines = (new String(input, ISO_8859_1) + "\n\n\n\n").split("\n", -1);
    return "%s; %s; %s"
        .formatted(
            name(MirrorName.parse(lines[0]), lines[0]),
            source(lines[1], lines[2], lines[3], lines[4]),
            path(lines[1]));
  }

  private static String name(MirrorName name, String text) {
    if (name instanceof MirrorName.Temporary temporary) {
      String intended = text.substring(0, text.length() - temporary.digits().length() - 1);
      return (temporary.isOwn() ? "own temporary " : "temporary ")
          + name(temporary.intended(), intended);
    }
    if (name instanceof MirrorName.Bytecode bytecode) {
      for (String source : bytecode.sourceNames()) {
        String forward = CacheFromSource.name(source, bytecode.variant());
        int end = forward.length() - ".pyc".length();
        String opt = bytecode.variant().optimization();
        int tag = end - (opt.isEmpty() ? 0 : ".opt-".length() + opt.length());
        assertThat(
                forward.substring(0, tag)
                    + bytecode.writer()
                    + forward.substring(tag, end)
                    + bytecode.suffix())
            .isEqualTo(text);
      }
      return "bytecode%s%s%s%s"
          .formatted(
              bytecode.extensionless() ? ", extensionless" : "",
              bytecode.isRewritten() ? ", rewritten" : "",
              bytecode.variant().optimization().isEmpty() ? "" : ", optimized",
              bytecode.suffix());
    }
    assertThat(name).isInstanceOf(MirrorName.Foreign.class);
    return "foreign";
  }

  private static String source(String source, String text, String prefix, String directory) {
    Variant variant;
    try {
      variant = Variant.parse(text);
    } catch (IllegalArgumentException notOne) {
      return "not a variant";
    }
    Optional<String> cached = new CacheFromSource(prefix, directory).path(source, variant);
    if (cached.isEmpty()) {
      return "not cached";
    }
    String name = cached.get().substring(cached.get().lastIndexOf('/') + 1);
    MirrorName parsed = MirrorName.parse(name);
    if (!(parsed instanceof MirrorName.Bytecode bytecode)) {
      return "cached under a foreign name";
    }
    name(bytecode, name);
    return bytecode.variant().equals(variant) ? "cached" : "cached, for another variant it seems";
  }

  private static String path(String raw) {
    if (raw.isEmpty() || raw.indexOf('\0') >= 0) {
      return "no path";
    }
    Path path = RawPath.toPath(FileSystems.getDefault(), raw);
    String once = RawPath.of(path);
    assertThat(RawPath.toPath(FileSystems.getDefault(), once)).isEqualTo(path);
    assertThat(once.getBytes(ISO_8859_1)).doesNotContain((byte) 0);
    String shown = RawPath.display(once);
    if (RawPath.isUtf8(once)) {
      assertThat(shown.getBytes(UTF_8)).isEqualTo(once.getBytes(ISO_8859_1));
      return once.equals(raw) ? "path" : "untidy path";
    }
    return once.equals(raw) ? "raw path" : "untidy raw path";
  }

  @Override
  public List<byte[]> seeds() {
    return Stream.of(
            "m.cpython-312.pyc\n/a/b.py\ncpython-312.opt-2\n/p\n/",
            "m.n.cpython-312.opt-1.pyc.1234\nb.py\npypy39\n/p/\n/w",
            "t.cpython-311-pytest-9.0.3.pyo\n./c\ncpython-38\n/p\n/w",
            "scriptcpython-313.pyc.0123\n//m.py\ncpython-39\n\n/",
            "m.graalpy-311-native-x86_64-linux.opt-typeguard442.pyc\n/m.py\ngraalpy311\np\n",
            "m.txt\n/\u00c3\u00a9\u00ff/../m.pyw\ncpython-312\n/\u00ff\n/w")
        .map(text -> text.getBytes(ISO_8859_1))
        .toList();
  }
}
