package io.pycached.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SettingsReaderTest {

  private static final String EVERY_KEY =
      """
      prefix = "/var/cache/pycached/prefix"
      writers = "users"
      trusted-group = "python-dev"

      [admin]
      socket = "/run/pycached/admin.sock"
      listen = "[::1]:7331"
      admins = ["deploy", "1001", "host$"]

      [[project]]
      name = "shop"
      path = "/srv/shop"
      visible-at = "/mnt/shop"
      exclude = ["**/node_modules", "**/.git"]
      variants = ["cpython-312", "cpython-312.opt-1"]
      warm = "all"
      invalidation = "checked-hash"
      max-size = "1 MiB"
      max-files = 7_000
      max-age = "3d"

      [[project]]
      path = "/srv/pay roll"

      [interpreters]
      discover = false
      executables = ["/opt/py/bin/python3.12"]

      [limits]
      max-size = "4 GiB"
      max-files = 500_000
      max-age = "30d"
      low-water = 0.8
      min-age = "40m"
      orphan-grace = "20m"
      temporary-age = "1h30m"
      mass-deletion = 0.25

      [unclaimed]
      prune-missing = true
      same-container = true

      [scrub]
      rate = "2 MB"
      every = "7h"

      [watch]
      debounce = "250ms"
      full-survey = "13m"
      poll-interval = "31s"
      root-check = "4s"
      """;

  @Test
  void read_noFile_isTheDefaults() throws Exception {
    Etc etc = Etc.empty();

    assertThat(etc.read())
        .isEqualTo(
            new Settings(
                etc.path("/cache/prefix"),
                new Settings.Trust(Writers.DAEMON, Optional.empty()),
                new Settings.Admin(etc.path("/run/default.sock"), Optional.empty(), List.of()),
                List.of(),
                new Settings.Interpreters(true, List.of()),
                new Settings.Limits(
                    Bounds.NONE,
                    0.9,
                    Duration.ofHours(1),
                    Duration.ofMinutes(10),
                    Duration.ofHours(1),
                    0.5),
                new Settings.Unclaimed(false, false),
                new Settings.Scrub(1_048_576, Duration.ofDays(1)),
                new Settings.Watch(
                    Duration.ofMillis(200),
                    Duration.ofMinutes(12),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(3))));
  }

  @Test
  void read_everyKey_isRead() throws Exception {
    Etc etc = Etc.of(EVERY_KEY);

    assertThat(etc.read())
        .isEqualTo(
            new Settings(
                etc.path("/var/cache/pycached/prefix"),
                new Settings.Trust(Writers.USERS, Optional.of("python-dev")),
                new Settings.Admin(
                    etc.path("/run/pycached/admin.sock"),
                    Optional.of(new ListenAddress("::1", 7331)),
                    List.of("deploy", "1001", "host$")),
                List.of(
                    new ProjectSettings(
                        "shop",
                        etc.path("/srv/shop"),
                        etc.path("/mnt/shop"),
                        List.of("**/node_modules", "**/.git"),
                        Optional.of(List.of("cpython-312", "cpython-312.opt-1")),
                        Warmth.ALL,
                        InvalidationMode.CHECKED_HASH,
                        new Bounds(
                            OptionalLong.of(1L << 20),
                            OptionalLong.of(7_000),
                            Optional.of(Duration.ofDays(3)))),
                    ProjectSettings.of("pay-roll", etc.path("/srv/pay roll"))),
                new Settings.Interpreters(false, List.of(etc.path("/opt/py/bin/python3.12"))),
                new Settings.Limits(
                    new Bounds(
                        OptionalLong.of(4L << 30),
                        OptionalLong.of(500_000),
                        Optional.of(Duration.ofDays(30))),
                    0.8,
                    Duration.ofMinutes(40),
                    Duration.ofMinutes(20),
                    Duration.ofMinutes(90),
                    0.25),
                new Settings.Unclaimed(true, true),
                new Settings.Scrub(2_000_000, Duration.ofHours(7)),
                new Settings.Watch(
                    Duration.ofMillis(250),
                    Duration.ofMinutes(13),
                    Duration.ofSeconds(31),
                    Duration.ofSeconds(4))));
  }

  @Test
  void read_fragments_laterNameWinsKeyByKeyAndProjectsAccumulate() throws Exception {
    Etc etc =
        Etc.of("[limits]\nmax-files = 1\nlow-water = 0.1\n[[project]]\npath = \"/srv/a\"\n")
            .write("conf.d/20.toml", "limits.max-files = 20\n[[project]]\npath = \"/srv/c\"\n")
            .write("conf.d/10.toml", "limits.max-files = 10\n[[project]]\npath = \"/srv/b\"\n")
            .write("conf.d/.hidden.toml", "nonsense")
            .write("conf.d/30.toml.dpkg-old", "nonsense");

    Settings settings = etc.read();

    assertThat(settings.limits().bounds().maxFiles()).hasValue(20);
    assertThat(settings.limits().lowWater()).isEqualTo(0.1);
    assertThat(settings.projects())
        .extracting(ProjectSettings::path)
        .containsExactly(etc.path("/srv/a"), etc.path("/srv/b"), etc.path("/srv/c"));
  }

  @Test
  void read_environment_winsOverFiles() throws Exception {
    Etc etc =
        Etc.of(EVERY_KEY).write("conf.d/10.toml", "prefix = \"/fragment\"\nlimits.max-files = 2\n");

    Settings settings =
        etc.read(
            Map.ofEntries(
                Map.entry("PYCACHED_PREFIX", "/variable"),
                Map.entry("PYCACHED_SOCKET", "/run/variable.sock"),
                Map.entry("PYCACHED_ADMIN__LISTEN", "localhost:0"),
                Map.entry("PYCACHED_ADMIN__ADMINS", "root, deploy"),
                Map.entry("PYCACHED_INTERPRETERS__DISCOVER", "true"),
                Map.entry("PYCACHED_INTERPRETERS__EXECUTABLES", "[\"/opt/a,b\", '/opt/c']"),
                Map.entry("PYCACHED_LIMITS__MAX_SIZE", "1024"),
                Map.entry("PYCACHED_LIMITS__MAX_FILES", "1_000"),
                Map.entry("PYCACHED_LIMITS__LOW_WATER", "0.25"),
                Map.entry("PYCACHED_WATCH__FULL_SURVEY", "14m"),
                Map.entry("PYCACHED_WATCH__DEBOUNCE", ""),
                Map.entry("PYCACHED_JAVA", "/opt/java"),
                Map.entry("HOME", "/root")),
            Overrides.none());

    assertThat(settings.prefix()).isEqualTo(etc.path("/variable"));
    assertThat(settings.admin())
        .isEqualTo(
            new Settings.Admin(
                etc.path("/run/variable.sock"),
                Optional.of(new ListenAddress("localhost", 0)),
                List.of("root", "deploy")));
    assertThat(settings.interpreters())
        .isEqualTo(
            new Settings.Interpreters(true, List.of(etc.path("/opt/a,b"), etc.path("/opt/c"))));
    assertThat(settings.limits().bounds().maxBytes()).hasValue(1024);
    assertThat(settings.limits().bounds().maxFiles()).hasValue(1000);
    assertThat(settings.limits().lowWater()).isEqualTo(0.25);
    assertThat(settings.watch().fullSurvey()).isEqualTo(Duration.ofMinutes(14));
    assertThat(settings.watch().debounce()).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void read_overrides_winOverAllAndReplaceProjects() throws Exception {
    Etc etc = Etc.of(EVERY_KEY);
    Path one = etc.path("/home/me/one");
    Path two = etc.path("/home/you/one");

    Settings settings =
        etc.read(
            Map.of("PYCACHED_PREFIX", "/variable", "PYCACHED_SOCKET", "/variable.sock"),
            new Overrides(
                Optional.of(etc.path("/flag")),
                Optional.of(etc.path("/flag.sock")),
                List.of(one, two, one)));

    assertThat(settings.prefix()).isEqualTo(etc.path("/flag"));
    assertThat(settings.admin().socket()).isEqualTo(etc.path("/flag.sock"));
    assertThat(settings.projects())
        .containsExactly(ProjectSettings.of("one", one), ProjectSettings.of("one-2", two));
  }

  @Test
  void read_projectsWithoutName_makeWayForWrittenNames() throws Exception {
    String component = "x".repeat(80);
    Etc etc =
        Etc.of(
            """
            [[project]]
            path = "/a/shop"
            [[project]]
            path = "/b/shop"
            [[project]]
            path = "/"
            [[project]]
            path = "/c/été"
            [[project]]
            path = "/%s"
            [[project]]
            path = "/d/%s"
            [[project]]
            path = "/e"
            name = "shop"
            """
                .formatted(component, component));

    assertThat(etc.read().projects())
        .extracting(ProjectSettings::name)
        .containsExactly(
            "shop-2", "shop-3", "root", "-t-", "x".repeat(64), "x".repeat(62) + "-2", "shop");
  }

  @Test
  void read_prefixInsideProject_isAllowed() throws Exception {
    Etc etc = Etc.of("prefix = \"/srv/shop/.cache\"\n[[project]]\npath = \"/srv/shop\"\n");

    assertThat(etc.read().projects()).hasSize(1);
  }

  @Test
  void read_namedFileMissing_isAnError() {
    Etc etc = Etc.empty();
    SettingsReader reader = SettingsReader.ofNamedFile(etc.main, etc.defaults, Set.of());

    assertThatThrownBy(() -> reader.read(Map.of(), Overrides.none()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("/etc/pycached/pycached.toml: no such file");
  }

  @Test
  void read_namedFile_readsOnlyThatAndConfDBesideIt() throws Exception {
    Etc etc =
        Etc.of("limits.max-files = 1")
            .write("conf.d/10.toml", "limits.low-water = 0.1")
            .write("other/mine.toml", "limits.max-files = 3")
            .write("other/conf.d/10.toml", "watch.debounce = \"99ms\"");
    Path mine = etc.path("/etc/pycached/other/mine.toml");

    Settings settings =
        SettingsReader.ofNamedFile(mine, etc.defaults, Set.of()).read(Map.of(), Overrides.none());

    assertThat(settings.limits().bounds().maxFiles()).hasValue(3);
    assertThat(settings.limits().lowWater()).isEqualTo(0.9);
    assertThat(settings.watch().debounce()).isEqualTo(Duration.ofMillis(99));
  }

  @Test
  void read_again_seesTheChangedFile() throws Exception {
    Etc etc = Etc.of("limits.max-files = 1");
    SettingsReader reader = SettingsReader.ofUsualFile(etc.main, etc.defaults, Set.of());
    assertThat(reader.read(Map.of(), Overrides.none()).limits().bounds().maxFiles()).hasValue(1);

    etc.write("pycached.toml", "limits.max-files = 2");

    assertThat(reader.read(Map.of(), Overrides.none()).limits().bounds().maxFiles()).hasValue(2);
  }

  @Test
  void overrides_relativePath_isRefused() {
    Etc etc = Etc.empty();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Defaults(etc.path("prefix"), etc.path("/s")));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Overrides(
                    Optional.empty(), Optional.empty(), List.of(etc.path("/srv/../shop"))));
  }
}
