package io.pycached.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pycached.testing.Interpreter;
import io.pycached.testing.Pycached;
import io.pycached.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After {@code sync}, the interpreter's own loader finds everything in the prefix that it could
 * have compiled itself, and it is what it would have compiled.
 */
final class SyncIT {
  /**
   * Copies each n-th source of the standard library, those that are broken on purpose, and some
   * under names that are no text, and adds what a compiler may trip over.
   */
  private static final String COPY =
      """
      import os, shutil, sys
      root, step = os.fsencode(sys.argv[1]), int(sys.argv[2])
      library = os.fsencode(os.path.dirname(os.__file__))
      count = 0
      for path, directories, names in os.walk(library):
          directories[:] = sorted(d for d in directories if d not in (b'__pycache__', b'site-packages'))
          for name in sorted(names):
              if not name.endswith(b'.py'):
                  continue
              count += 1
              if count % step and not name.startswith(b'bad') or os.path.getsize(os.path.join(path, name)) > 200000:
                  continue
              below = os.path.relpath(path, library)
              if count % (5 * step) == 0:
                  below = os.path.join(b'odd \\xff\\n\\xc3\\xa9', below)
                  name = [b'with space.py', b'\\xc3\\xbc.py', b'\\xfe\\xff.py', b'new\\nline.py', b'a.b.c.py'][count // step % 5]
              os.makedirs(os.path.join(root, below), exist_ok=True)
              shutil.copy(os.path.join(path, name) if os.path.exists(os.path.join(path, name)) else os.path.join(path, sorted(n for n in names if n.endswith(b'.py'))[0]), os.path.join(root, below, name))
      odd = {
          b'bom.py': b'\\xef\\xbb\\xbfx = 1\\n',
          b'cookie.py': b'# -*- coding: latin-1 -*-\\ns = "\\xe9"\\n',
          b'wrong_cookie.py': b'# coding: no-such-codec\\n',
          b'not_utf8.py': b's = "\\xe9"\\n',
          b'form_feed.py': b'\\x0cdef f():\\n\\x0c  return 1\\n',
          b'nul.py': b'x = 1\\x00\\n',
          b'nested.py': b'(' * 100000 + b')' * 100000,
          b'empty.py': b'',
          b'crlf.py': b'x = 1\\r\\ny = 2\\r\\n',
          b'escape.py': b's = "\\\\d"\\nassert s, "kept"\\n',
          b'documented.py': b'"doc"\\ndef f():\\n  "inner"\\n  assert __debug__\\n',
          b'tabs.py': b'if 1:\\n\\tx = 1\\n        y = 2\\n',
          b'surrogate.py': b's = "\\\\ud800"\\n',
      }
      for name, text in odd.items():
          with open(os.path.join(root, name), 'wb') as out:
              out.write(text)
      """;

  /**
   * Loads every source with the interpreter's own loader, whose compiler is switched off, and
   * compares. {@code missing} are those that were not loaded though they compile.
   */
  private static final String LOAD =
      """
      import importlib.machinery, json, marshal, os, sys, warnings
      warnings.simplefilter('ignore')
      sys.pycache_prefix = sys.argv[2]
      class Compiled(Exception): pass
      class Loader(importlib.machinery.SourceFileLoader):
          def source_to_code(self, data, path, *, _optimization=-1):
              raise Compiled
      def names(code):
          yield code.co_filename
          for const in code.co_consts:
              if hasattr(const, 'co_code'):
                  yield from names(const)
      def same(one, other):
          # Not equal to itself is a constant that is NaN; its text is.
          equal = one == other or marshal.dumps(one, 0) == marshal.dumps(other, 0)
          return equal and list(names(one)) == list(names(other))
      def message(error):
          try:
              text = str(error)
          except Exception:
              text = repr(error.args)
          text = '%s: %s' % (type(error).__name__, text) if text else type(error).__name__
          return text[:2000] if text.isprintable() else None
      loaded, missing, different, refused = 0, [], [], {}
      for path, directories, files in os.walk(sys.argv[1]):
          for name in files:
              source = os.path.join(path, name)
              with open(source, 'rb') as file:
                  text = file.read()
              try:
                  code = compile(text, source, 'exec', dont_inherit=True)
              except BaseException as error:
                  refused[os.fsencode(source).hex()] = message(error)
                  continue
              try:
                  found = Loader('m', source).get_code('m')
              except Compiled:
                  missing.append(source)
                  continue
              loaded += 1
              if not same(found, code):
                  different.append(source)
      print(json.dumps(dict(loaded=loaded, missing=missing, different=different, refused=refused)))
      """;

  @TempDir Path directory;

  /** Every CPython from 3.8 that is found here, and PyPy where there is one. */
  static List<Path> interpreters() {
    Stream<Path> found =
        Interpreter.found().entrySet().stream()
            .filter(each -> !each.getKey().equals("3.7"))
            .map(Map.Entry::getValue);
    Stream<Path> pypy = Stream.of(Path.of("/usr/bin/pypy3")).filter(Files::isExecutable);
    return Stream.concat(found, pypy).toList();
  }

  @ParameterizedTest
  @MethodSource("interpreters")
  void sync_standardLibrary_isLoadedByTheInterpretersOwnLoader(Path python) throws Exception {
    Site site = Site.in(directory);
    configure(site, python, "");
    run(python, COPY, site.root().toString(), "12");
    Pycached.Result first = sync(site, site.root().toString());
    assertThat(first.status()).as(first.err()).isEqualTo(1);
    JsonObject done = first.json();
    JsonObject loaded = load(site, python);
    assertThat(loaded.getAsJsonArray("missing")).isEmpty();
    assertThat(loaded.getAsJsonArray("different")).isEmpty();
    assertThat(loaded.get("loaded").getAsInt())
        .isGreaterThan(60)
        .isEqualTo(files(done, "compiled"));
    assertRefused(done, loaded);
    assertThat(loaded.getAsJsonObject("refused").size()).isGreaterThan(4);
    JsonObject second = sync(site, site.root().toString()).json();
    assertThat(files(second, "compiled")).isZero();
    assertThat(second.getAsJsonArray("actions")).isEmpty();
    assertThat(second.getAsJsonArray("skipped")).isEmpty();
    assertThat(second.getAsJsonArray("failed")).hasSameSizeAs(done.getAsJsonArray("failed"));
  }

  @Test
  void sync_severalVariants_areLoadedAtEachLevel() throws Exception {
    Path python = Interpreter.require("3.12");
    Site site = Site.in(directory);
    configure(site, python, "");
    run(python, COPY, site.root().toString(), "40");
    JsonObject done =
        sync(
                site,
                "--variant",
                "cpython-312",
                "--variant",
                "cpython-312.opt-1",
                "--variant",
                "cpython-312.opt-2",
                site.root().toString())
            .json();
    int loaded = 0;
    for (String option : List.of("-B", "-O", "-OO")) {
      JsonObject at = load(site, python, option);
      assertThat(at.getAsJsonArray("missing")).as(option).isEmpty();
      assertThat(at.getAsJsonArray("different")).as(option).isEmpty();
      loaded += at.get("loaded").getAsInt();
    }
    assertThat(files(done, "compiled")).isEqualTo(loaded);
  }

  @Test
  void sync_configuredHashes_areChecked() throws Exception {
    Path python = Interpreter.require("3.12");
    Site site = Site.in(directory);
    configure(site, python, "invalidation = \"checked-hash\"\nwarm = \"all\"\n");
    site.source("m.py", "x = 1\n");
    assertThat(sync(site).status()).isZero();
    assertThat(Arrays.copyOf(Files.readAllBytes(site.bytecode("m.py")), 8))
        .containsExactly(0xcb, 0x0d, 0x0d, 0x0a, 0b11, 0, 0, 0);
    // What a time stamp would not see, and what it would see in vain.
    FileTime before = Files.getLastModifiedTime(site.root().resolve("m.py"));
    site.source("m.py", "x = 2\n");
    Files.setLastModifiedTime(site.root().resolve("m.py"), before);
    assertThat(files(sync(site).json(), "compiled")).isEqualTo(1);
    Files.setLastModifiedTime(site.root().resolve("m.py"), FileTime.fromMillis(1_000));
    assertThat(files(sync(site).json(), "compiled")).isZero();
    assertThat(load(site, python).getAsJsonArray("missing")).isEmpty();
  }

  @Test
  void sync_bytecodeBesideTheSources_isAdoptedWhereItIsValid() throws Exception {
    Path python = Interpreter.require("3.12");
    Site site = Site.in(directory);
    configure(site, python, "");
    for (String name : List.of("valid", "torn", "stale", "rewritten")) {
      site.source(name + ".py", "name = '" + name + "'\n");
    }
    run(python, "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=1)", site);
    Path pycache = site.root().resolve("__pycache__");
    Path torn = pycache.resolve("torn.cpython-312.pyc");
    Files.write(torn, Arrays.copyOf(Files.readAllBytes(torn), 30));
    site.source("stale.py", "name = 'of another length'\n");
    Files.move(
        pycache.resolve("rewritten.cpython-312.pyc"),
        pycache.resolve("rewritten.cpython-312-pytest-8.3.4.pyc"));
    JsonObject done = sync(site, site.root().toString()).json();
    assertThat(files(done, "adopted")).isEqualTo(1);
    assertThat(files(done, "compiled")).isEqualTo(3);
    assertThat(done.getAsJsonArray("failed")).isEmpty();
    assertThat(site.bytecode("valid.py"))
        .hasSameBinaryContentAs(pycache.resolve("valid.cpython-312.pyc"));
    assertThat(site.bytecodeFiles()).hasSize(4);
    JsonObject loaded = load(site, python);
    assertThat(loaded.getAsJsonArray("missing")).isEmpty();
    assertThat(loaded.getAsJsonArray("different")).isEmpty();
  }

  @Test
  void sync_virtualEnvironment_isCompiledForItsOwnInterpreter() throws Exception {
    Path own = Interpreter.require("3.11");
    Site site = Site.in(directory);
    configure(site, Interpreter.require("3.12"), "");
    site.source("m.py", "x = 1\n");
    Path environment = site.root().resolve("env");
    List<String> venv =
        List.of(own.toString(), "-m", "venv", "--without-pip", environment.toString());
    assertThat(Pycached.run(venv, Pycached.bareEnvironment(), new byte[0]).status()).isZero();
    site.source("env/lib/python3.11/site-packages/n.py", "y = 2\n");
    JsonObject done =
        sync(site, "--variant", "cpython-312", "--variant", "cpython-311", site.root().toString())
            .json();
    assertThat(done.getAsJsonArray("failed")).isEmpty();
    Path mirror = site.mirror(site.root());
    Path packages = mirror.resolve("env/lib/python3.11/site-packages");
    assertThat(site.bytecodeFiles())
        .containsExactly(packages.resolve("n.cpython-311.pyc"), site.bytecode("m.py"));
  }

  /** A directory, and what Emacs locks a file with. */
  @Test
  void sync_whatLooksLikeASource_isNoFailure() throws Exception {
    Site site = Site.in(directory);
    configure(site, Interpreter.require("3.12"), "");
    site.source("m.py", "x = 1\n");
    Files.createDirectory(site.root().resolve("directory.py"));
    Files.createSymbolicLink(site.root().resolve(".#m.py"), Path.of("user@host.7"));
    Pycached.Result result = sync(site, site.root().toString());
    assertThat(result.status()).as(result.out()).isZero();
    assertThat(site.bytecodeFiles()).containsExactly(site.bytecode("m.py"));
  }

  @Test
  void sync_variantThatNobodyWrites_isNamedWithThoseThatAreThere() throws Exception {
    Site site = Site.in(directory);
    configure(site, Interpreter.require("3.12"), "");
    site.source("m.py", "x = 1\n");
    Pycached.Result result = sync(site, "--variant", "cpython-399", site.root().toString());
    assertThat(result.err())
        .contains("--variant: no interpreter here writes cpython-399, found: cpython-312");
    assertThat(site.bytecodeFiles()).isEmpty();
  }

  @Test
  void sync_configuredVariantThatNobodyWrites_isNamedWithTheProject() throws Exception {
    Site site = Site.in(directory);
    configure(site, Interpreter.require("3.12"), "variants = [\"cpython-399\"]\n");
    site.source("m.py", "x = 1\n");
    assertThat(sync(site).err())
        .contains("project shop: no interpreter here writes cpython-399, found: cpython-312");
  }

  private static void configure(Site site, Path python, String project) throws IOException {
    site.configure(
        site.project("shop", site.root()) + project,
        "[interpreters]\ndiscover = false\nexecutables = [\"" + python + "\"]\n");
  }

  private static Pycached.Result sync(Site site, String... words) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-o", "json"));
    arguments.addAll(List.of(words));
    return site.command("sync", arguments.toArray(new String[0])).run();
  }

  private static int files(JsonObject report, String kind) {
    return report.getAsJsonObject(kind).get("files").getAsInt();
  }

  /** What {@code sync} says failed is what the interpreter refuses, in its own words. */
  private static void assertRefused(JsonObject report, JsonObject loaded) {
    Map<String, String> expected = new TreeMap<>();
    loaded
        .getAsJsonObject("refused")
        .asMap()
        .forEach(
            (path, message) ->
                expected.put(path, message.isJsonNull() ? "" : message.getAsString()));
    Map<String, String> actual = new TreeMap<>();
    JsonArray failed = report.getAsJsonArray("failed");
    for (JsonElement each : failed) {
      JsonObject one = each.getAsJsonObject();
      byte[] path =
          one.has("path_base64")
              ? Base64.getDecoder().decode(one.get("path_base64").getAsString())
              : one.get("path").getAsString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
      String hex = java.util.HexFormat.of().formatHex(path);
      // A message that cannot be printed as it is was told in another way.
      boolean printable = !"".equals(expected.get(hex));
      actual.put(hex, printable ? one.get("error").getAsString() : "");
    }
    assertThat(actual).isEqualTo(expected);
  }

  private static JsonObject load(Site site, Path python, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(python.toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("-I", "-S", "-B", "-X", "utf8", "-c", LOAD));
    command.addAll(List.of(site.root().toString(), site.prefix().toString()));
    return JsonParser.parseString(python(command)).getAsJsonObject();
  }

  private static void run(Path python, String script, Site site) throws Exception {
    run(python, script, site.root().toString());
  }

  private static void run(Path python, String script, String... words) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(python.toString(), "-I", "-X", "utf8", "-c", script));
    command.addAll(List.of(words));
    python(command);
  }

  private static String python(List<String> command) throws Exception {
    Map<String, String> environment = Pycached.bareEnvironment();
    // PyPy's loader cannot tell of a path that its locale does not know.
    environment.put("LC_ALL", "C.UTF-8");
    Pycached.Result result = Pycached.run(command, environment, new byte[0]);
    assertThat(result.status()).as(result.err()).isZero();
    return new String(
        result.rawOut().getBytes(ISO_8859_1), java.nio.charset.StandardCharsets.UTF_8);
  }
}
