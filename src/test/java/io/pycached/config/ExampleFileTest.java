package io.pycached.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The configuration file that is shipped, {@code config/pycached.toml}. */
final class ExampleFileTest {

  private static final Pattern SETTING =
      Pattern.compile("^#(?=\\[\\[project]]$|[a-z-]+ = )", Pattern.MULTILINE);

  static String text() throws IOException {
    return Files.readString(Path.of("config/pycached.toml"));
  }

  static String enabled() throws IOException {
    return SETTING.matcher(text()).replaceAll("");
  }

  @Test
  void asShipped_setsThePrefixOfTheServiceAndNothingElse() throws Exception {
    Etc etc = Etc.of(text());
    Settings shipped = etc.read();

    etc.write("pycached.toml", "prefix = \"/var/cache/pycached/prefix\"\n");
    assertThat(shipped).isEqualTo(etc.read());
    assertThat(Files.readString(Path.of("systemd/pycached.service")))
        .contains("CacheDirectory=pycached\n", "PYTHONPYCACHEPREFIX=%C/pycached/prefix\n");
  }

  @Test
  void everyLineEnabled_isValid() throws Exception {
    Etc etc = Etc.of(enabled());

    assertThat(etc.errors()).isEmpty();
    assertThat(etc.read().projects()).hasSize(1);
  }

  @Test
  void everyLineEnabled_showsTheDefaultsExceptForExamples() throws Exception {
    Etc etc = Etc.of(enabled());
    Settings enabled = etc.read();
    Files.delete(etc.main);
    Settings defaults = etc.read();

    assertThat(enabled.admin().admins()).isEqualTo(defaults.admin().admins());
    assertThat(enabled.interpreters()).isEqualTo(defaults.interpreters());
    assertThat(enabled.unclaimed()).isEqualTo(defaults.unclaimed());
    assertThat(enabled.scrub()).isEqualTo(defaults.scrub());
    assertThat(enabled.watch()).isEqualTo(defaults.watch());
    assertThat(enabled.limits())
        .isEqualTo(
            new Settings.Limits(
                enabled.limits().bounds(),
                defaults.limits().lowWater(),
                defaults.limits().minAge(),
                defaults.limits().orphanGrace(),
                defaults.limits().temporaryAge(),
                defaults.limits().massDeletion()));
    ProjectSettings project = enabled.projects().get(0);
    ProjectSettings expected = ProjectSettings.of("shop", etc.path("/srv/shop"));
    assertThat(project)
        .isEqualTo(
            new ProjectSettings(
                expected.name(),
                expected.path(),
                expected.visibleAt(),
                expected.exclude(),
                project.variants(),
                expected.warm(),
                expected.invalidation(),
                project.bounds()));
  }

  @Test
  void everyKey_appearsInItsSection() throws Exception {
    String section = "";
    List<String> found = new ArrayList<>();
    for (String line : enabled().lines().toList()) {
      if (line.startsWith("[")) {
        section = line.replaceAll("[\\[\\]]", "");
      } else if (line.matches("[a-z-]+ = .*")) {
        String key = line.substring(0, line.indexOf(' '));
        found.add(section.isEmpty() ? key : section + "." + key);
      }
    }

    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(Key.ALL.stream().map(Key::label).toList());
  }
}
