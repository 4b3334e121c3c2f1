package io.pycached.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigErrorsTest {

  private static final String SIZE_RANGE = "expected a size from 1 B to 8388607 TiB";
  private static final String LOOPBACK =
      "expected a loopback address such as \"127.0.0.1:7331\", \"[::1]:7331\" or"
          + " \"localhost:7331\"";

  @ParameterizedTest(name = "{0}")
  @MethodSource("badFiles")
  void read_badFile_namesEveryError(String text, List<String> expected) {
    assertThat(Etc.of(text).errors()).isEqualTo(expected);
  }

  @Test
  void read_whatTheParserFailsAt_isAnError() {
    Etc etc = Etc.of("h={9,#\0\0");
    assertThatThrownBy(etc::read)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("expected TOML, found what its parser fails at");
  }

  static List<Arguments> badFiles() {
    return List.of(
        // Syntax
        bad(
            "\n[limits]\nmax-size = 4 GiB\n",
            "3:14: unexpected 'GiB', expected a newline or end-of-input"),
        bad("[admin\n", "1:7: unexpected end of line, expected ]"),
        bad("a = \"x", "1:7: unexpected end of line, expected \" or a character"),
        bad(
            "prefix = \"/a\"\nprefix = \"/b\"\n",
            "2:1: prefix previously defined at line 1, column 1"),
        bad("[admin]\n[admin]\nwarm = 1\n", "2:1: admin previously defined at line 1, column 1"),
        bad("limits.max-files = 99999999999999999999", "1:20: integer is too large"),
        // Keys
        bad(
            "[limits]\nmax-sise = 1",
            "2:1: unknown key 'max-sise' in [limits]; did you mean 'max-size'?"),
        bad("[limit]\nx = 1", "1:1: unknown table 'limit'; did you mean [limits]?"),
        bad("[nothing-like-it]\n", "1:1: unknown table 'nothing-like-it'"),
        bad("perfix = 1", "1:1: unknown key 'perfix'; did you mean 'prefix'?"),
        bad("max-size = 1", "1:1: unknown key 'max-size'; it belongs in [[project]] or [limits]"),
        bad(
            "[admin]\nprefix = \"/p\"",
            "2:1: unknown key 'prefix' in [admin]; it belongs at the top, before the first [table]"),
        bad(
            "[limits]\nexclude = []",
            "2:1: unknown key 'exclude' in [limits]; it belongs in [[project]]"),
        bad(
            "[limits.max-size]\nvalue = 4",
            "1:1: limits.max-size: expected a size such as \"4 GiB\", found a table"),
        bad("\"a\\u001b[31m\" = 1", "1:1: unknown key 'a\\u001b[31m'"),
        bad("limits = 3", "1:10: limits: expected a table [limits], found 3"),
        bad("[project]\npath = \"/a\"", "1:1: project: expected [[project]], found a table"),
        bad("project = [1, {path = \"/a\"}]", "1:12: project: expected a table, found 1"),
        // Paths
        bad("prefix = \"cache\"", "1:10: prefix: expected an absolute path, found \"cache\""),
        bad("prefix = 7", "1:10: prefix: expected an absolute path, found 7"),
        bad(
            "prefix = \"/a/../b\"",
            "1:10: prefix: expected a path without . and .., found \"/a/../b\""),
        bad(
            "prefix = \"/a\\u0000b\"",
            "1:10: prefix: expected a path that the file system and this locale can hold, found \"/a\\u0000b\""),
        // Sizes, numbers
        bad(
            "limits.max-size = 4.5",
            "1:19: limits.max-size: expected a size such as \"4 GiB\", found 4.5"),
        bad(
            "limits.max-size = \"4 GIB\"",
            "1:19: limits.max-size: expected a size such as \"4 GiB\", found \"4 GIB\""),
        bad("limits.max-size = 0", "1:19: limits.max-size: " + SIZE_RANGE + ", found 0"),
        bad("limits.max-size = -1", "1:19: limits.max-size: " + SIZE_RANGE + ", found -1"),
        bad(
            "limits.max-size = \"8388608 TiB\"",
            "1:19: limits.max-size: " + SIZE_RANGE + ", found \"8388608 TiB\""),
        bad(
            "limits.max-files = 0",
            "1:20: limits.max-files: expected a whole number above 0, found 0"),
        bad(
            "limits.max-files = 1979-05-27",
            "1:20: limits.max-files: expected a whole number above 0, found 1979-05-27"),
        bad(
            "limits.low-water = 0.0",
            "1:20: limits.low-water: expected a number above 0 and up to 1, found 0.0"),
        bad(
            "limits.low-water = 1.01",
            "1:20: limits.low-water: expected a number above 0 and up to 1, found 1.01"),
        bad(
            "limits.low-water = nan",
            "1:20: limits.low-water: expected a number above 0 and up to 1, found NaN"),
        // Durations
        bad(
            "limits.max-age = 30",
            "1:18: limits.max-age: expected a duration such as \"10m\" or \"1h30m\", found 30"),
        bad(
            "watch.debounce = \"5ms\"",
            "1:18: watch.debounce: expected a duration from 10ms to 1m, found \"5ms\""),
        bad(
            "watch.debounce = \"61s\"",
            "1:18: watch.debounce: expected a duration from 10ms to 1m, found \"61s\""),
        bad(
            "watch.full-survey = \"999ms\"",
            "1:21: watch.full-survey: expected a duration from 1s to 36500d, found \"999ms\""),
        bad(
            "watch.poll-interval = \"99ms\"",
            "1:23: watch.poll-interval: expected a duration from 100ms to 36500d, found \"99ms\""),
        bad(
            "watch.root-check = \"0s\"",
            "1:20: watch.root-check: expected a duration from 100ms to 36500d, found \"0s\""),
        // Words
        bad(
            "unclaimed.prune-missing = \"no\"",
            "1:27: unclaimed.prune-missing: expected true or false, found \"no\""),
        bad(
            "admin.listen = \"0.0.0.0:80\"",
            "1:16: admin.listen: " + LOOPBACK + ", found \"0.0.0.0:80\""),
        bad(
            "admin.listen = \"localhost:65536\"",
            "1:16: admin.listen: " + LOOPBACK + ", found \"localhost:65536\""),
        bad("admin.admins = \"root\"", "1:16: admin.admins: expected an array, found \"root\""),
        bad(
            "admin.admins = [\"ok\",\n  \"a b\", 3]",
            "2:3: admin.admins: expected a user's name or numeric id, found \"a b\"",
            "2:10: admin.admins: expected a user's name or numeric id, found 3"),
        // Projects
        bad(
            "[[project]]\nname = \"a\"",
            "1:1: project.path: expected an absolute path, found none"),
        bad(
            "[[project]]\npath = \"/a\"\nname = \"a b\"",
            "3:8: project.name: expected 1 to 64 letters, digits, '.', '_' or '-', found \"a b\""),
        bad(
            "[[project]]\npath = \"/a\"\nname = \"x\"\n[[project]]\npath = \"/b\"\nname = \"x\"",
            "6:8: project.name: 'x' is taken at /etc/pycached/pycached.toml:3:8"),
        bad(
            "[[project]]\npath = \"/a\"\n[[project]]\npath = \"/a/\"",
            "4:8: project.path: \"/a\" is a project at /etc/pycached/pycached.toml:2:8"),
        bad(
            "[[project]]\npath = \"/a\"\nvisible-at = \"b\"",
            "3:14: project.visible-at: expected an absolute path, found \"b\""),
        bad(
            "[[project]]\npath = \"/a\"\nwarm = \"hot\"",
            "3:8: project.warm: expected \"none\" or \"observed\" or \"all\", found \"hot\""),
        bad(
            "[[project]]\npath = \"/a\"\ninvalidation = \"checked_hash\"",
            "3:16: project.invalidation: expected \"timestamp\" or \"checked-hash\" or \"unchecked-hash\", found \"checked_hash\""),
        bad(
            "[[project]]\npath = \"/a\"\nexclude = [\"**/{a\"]",
            "3:12: project.exclude: expected a glob such as \"**/.git\", found \"**/{a\""),
        bad(
            "[[project]]\npath = \"/a\"\nvariants = []",
            "3:12: project.variants: expected at least one item, found an array"),
        bad(
            "[[project]]\npath = \"/a\"\nvariants = [\"cpython-312.opt-0\"]",
            "3:13: project.variants: expected a variant such as \"cpython-312\" or \"cpython-312.opt-1\", found \"cpython-312.opt-0\""),
        bad(
            "[[project]]\npath = \"/cache/prefix\"",
            "2:8: project 'prefix': expected a tree outside the prefix \"/cache/prefix\", found \"/cache/prefix\""),
        bad(
            "[[project]]\npath = \"/cache/prefix/a\"",
            "2:8: project 'a': expected a tree outside the prefix \"/cache/prefix\", found \"/cache/prefix/a\""),
        bad(
            "[[project]]\npath = \"/a\"\nvisible-at = \"/cache/prefix/a\"",
            "2:8: project 'a': expected a tree outside the prefix \"/cache/prefix\", found \"/cache/prefix/a\""));
  }

  private static Arguments bad(String text, String... expected) {
    return Arguments.of(text, Arrays.asList(expected));
  }

  @Test
  void read_syntaxAndMeaningWrong_namesAllAtOnceInOrder() {
    Etc etc =
        Etc.of(
                """
                prefix = "cache"
                [limits]
                max-size = 4 GiB
                low-water = 2
                max-sise = "4 GiB"
                [[project]]
                warm = "hot"
                """)
            .write("conf.d/10.toml", "[limits]\nmax-files = -1\n")
            .write("conf.d/20.toml", "[[project]\n");

    assertThat(etc.errors(Map.of("PYCACHED_PREFIXX", "/p"), Overrides.none()))
        .containsExactly(
            "/etc/pycached/conf.d/10.toml:2:13: limits.max-files: expected a whole number above 0,"
                + " found -1",
            "/etc/pycached/conf.d/20.toml:1:10: unexpected ']', expected ]] or .",
            "1:10: prefix: expected an absolute path, found \"cache\"",
            "3:14: unexpected 'GiB', expected a newline or end-of-input",
            "4:13: limits.low-water: expected a number above 0 and up to 1, found 2",
            "5:1: unknown key 'max-sise' in [limits]; did you mean 'max-size'?",
            "7:8: project.warm: expected \"none\" or \"observed\" or \"all\", found \"hot\"",
            "PYCACHED_PREFIXX: unknown variable; did you mean 'PYCACHED_PREFIX'?");
  }

  @Test
  void read_headerWrong_keysBelowAreNotReportedUntilTheNextHeader() {
    Etc etc =
        Etc.of(
            """
            [limits]
            max-files = 1
            [[project]
            path = "/srv/shop"
            exclude = ["**/.git"]
            [watch]
            debunce = "1s"
            """);

    assertThat(etc.errors())
        .containsExactly(
            "3:10: unexpected ']', expected ]] or .",
            "7:1: unknown key 'debunce' in [watch]; did you mean 'debounce'?");
  }

  @Test
  void read_pathIsASyntaxError_isNotAlsoMissing() {
    assertThat(Etc.of("[[project]]\npath = /srv/shop\n").errors())
        .containsExactly("2:8: unexpected '/', expected a value");
  }

  @Test
  void read_badValueOverridden_isStillAnError() {
    Etc etc = Etc.of("limits.max-files = 0").write("conf.d/10.toml", "limits.max-files = 5");

    assertThat(etc.errors())
        .containsExactly("1:20: limits.max-files: expected a whole number above 0, found 0");
  }

  @Test
  void read_sameNameInTwoFiles_namesBothPlaces() {
    Etc etc =
        Etc.of("[[project]]\nname = \"shop\"\npath = \"/a\"")
            .write("conf.d/10.toml", "[[project]]\nname = \"shop\"\npath = \"/b\"");

    assertThat(etc.errors())
        .containsExactly(
            "/etc/pycached/conf.d/10.toml:2:8: project.name: 'shop' is taken at"
                + " /etc/pycached/pycached.toml:2:8");
  }

  @Test
  void read_badVariables_areNamed() {
    Map<String, String> environment = new HashMap<>();
    environment.put("PYCACHED_PREFIX", "cache");
    environment.put("PYCACHED_LIMITS__MAX_SISE", "4 GiB");
    environment.put("PYCACHED_LIMITS__MAX_FILES", "many");
    environment.put("PYCACHED_LIMITS__LOW_WATER", "0x1p-1");
    environment.put("PYCACHED_INTERPRETERS__DISCOVER", "yes");
    environment.put("PYCACHED_INTERPRETERS__EXECUTABLES", "[\"/a\"]\nprefix = 1");
    environment.put("PYCACHED_ADMIN__ADMINS", "[1, \"ok\"]");
    environment.put("PYCACHED_PROJECT__PATH", "/srv/shop");

    assertThat(Etc.empty().errors(environment, Overrides.none()))
        .containsExactly(
            "PYCACHED_ADMIN__ADMINS: admin.admins: expected a user's name or numeric id, found 1",
            "PYCACHED_INTERPRETERS__DISCOVER: interpreters.discover: expected true or false, found"
                + " \"yes\"",
            "PYCACHED_INTERPRETERS__EXECUTABLES: interpreters.executables: expected an array, found"
                + " \"[\"/a\"]\\u000aprefix = 1\"",
            "PYCACHED_LIMITS__LOW_WATER: limits.low-water: expected a number above 0 and up to 1,"
                + " found \"0x1p-1\"",
            "PYCACHED_LIMITS__MAX_FILES: limits.max-files: expected a whole number above 0, found"
                + " \"many\"",
            "PYCACHED_LIMITS__MAX_SISE: unknown variable; did you mean"
                + " 'PYCACHED_LIMITS__MAX_SIZE'?",
            "PYCACHED_PREFIX: prefix: expected an absolute path, found \"cache\"",
            "PYCACHED_PROJECT__PATH: projects are set in a file or on the command line, not by a"
                + " variable");
  }

  @Test
  void read_directoryInsidePrefix_isAnError() {
    Etc etc = Etc.empty();
    Overrides overrides =
        new Overrides(
            Optional.of(etc.path("/p")), Optional.empty(), List.of(etc.path("/p/srv/shop")));

    assertThat(etc.errors(Map.of(), overrides))
        .containsExactly(
            "command line: project 'shop': expected a tree outside the prefix \"/p\", found"
                + " \"/p/srv/shop\"");
  }

  @Test
  void read_unusableFiles_giveOneErrorEach() throws IOException {
    Etc etc = Etc.of("x".repeat(TomlFile.MAX_BYTES + 1)).write("conf.d/10.toml/x", "");
    Files.write(
        etc.main.resolveSibling("conf.d/20.toml"), new byte[] {'a', '\n', '#', (byte) 0xc3, '('});

    assertThat(etc.errors())
        .containsExactly(
            "/etc/pycached/conf.d/10.toml: expected a file, found a directory",
            "/etc/pycached/conf.d/20.toml:2:2: expected UTF-8, found the byte 0xc3",
            " expected at most 256 KiB, found a larger file");
  }

  @Test
  void read_fileOfTheLargestSize_isRead() throws ConfigException {
    assertThat(Etc.of("#".repeat(TomlFile.MAX_BYTES)).read().projects()).isEmpty();
  }

  @Test
  void read_nothingButCommentsAndBlankLines_takesNoTime() {
    String text = "# x\n\n \t# y\r\n".repeat(20_000) + "prefix = 1";

    assertThat(Etc.of(text).errors())
        .containsExactly("60001:10: prefix: expected an absolute path, found 1");
  }

  @Test
  void read_linesBetweenCommentLines_keepTheirNumbers() {
    Etc etc = Etc.of("# 1\n[admin]\n\n# 4\nadmins = [\n# 6\n3,\n\n]\n# 10\n[admin]\n\nlisten = \n");

    assertThat(etc.errors())
        .containsExactly(
            "7:1: admin.admins: expected a user's name or numeric id, found 3",
            "11:1: admin previously defined at line 2, column 1",
            "13:10: unexpected end of line, expected a value");
  }

  @Test
  void read_stringOfManyLines_isRefused() {
    assertThat(Etc.of("# \"\"\"\nprefix = \"\"\"\n/a\n# \"\"\"\nx = '''y'''").errors())
        .containsExactly(
            "2:10: expected a string on one line, found \"\"\"",
            "5:5: expected a string on one line, found '''");
  }

  @Test
  void read_tooManyLines_isOneError() {
    assertThat(Etc.of("=\n".repeat(TomlFile.MAX_LINES + 1)).errors())
        .containsExactly(" expected at most 10000 lines, found more");
  }

  @Test
  void read_confDIsAFile_isAnError() {
    assertThat(Etc.empty().write("conf.d", "").errors())
        .containsExactly(
            "/etc/pycached/conf.d: cannot be read: expected a directory, found a file");
  }

  @Test
  void read_tooManyFragments_isOneError() throws ConfigException {
    Etc etc = Etc.empty();
    for (int i = 0; i < Layers.MAX_FRAGMENTS; i++) {
      etc.write("conf.d/" + i + ".toml", "");
    }
    assertThat(etc.read().projects()).isEmpty();

    etc.write("conf.d/one-more.toml", "");

    assertThat(etc.errors())
        .containsExactly("/etc/pycached/conf.d: expected at most 256 files, found more");
  }

  @Test
  void unreadable_fault_isToldWithoutTheFileName() {
    assertThat(TomlFile.unreadable(new AccessDeniedException("/etc/a")))
        .isEqualTo("cannot be read: permission denied");
    assertThat(TomlFile.unreadable(new FileSystemException("/etc/a", null, "I/O error")))
        .isEqualTo("cannot be read: I/O error");
    assertThat(TomlFile.unreadable(new IOException("broken pipe")))
        .isEqualTo("cannot be read: broken pipe");
  }

  @Test
  void read_manySyntaxErrors_areCutOff() {
    assertThat(Etc.of("= 1\n".repeat(1000)).errors()).hasSize(TomlParser.MAX_SYNTAX_ERRORS);
  }

  @Test
  void errors_areValuesInOrder() {
    Etc etc = Etc.of("zzz = 1\nprefix = 1");

    try {
      etc.read();
    } catch (ConfigException e) {
      assertThat(e.errors())
          .containsExactly(
              new ConfigError(etc.main.toString(), 1, 1, "unknown key 'zzz'"),
              new ConfigError(
                  etc.main.toString(), 2, 10, "prefix: expected an absolute path, found 1"));
      return;
    }
    throw new AssertionError("expected a ConfigException");
  }
}
