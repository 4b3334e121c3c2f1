package io.pycached.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.fuzz.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;

/** A configuration file is settings, or errors at places that are in it. */
public final class SettingsTarget implements Target {
  private final Etc etc = Etc.of("");

  @Override
  public String outcome(byte[] input) throws IOException {
    Files.write(etc.main, input);
    try {
      return read(input);
    } catch (AssertionError e) {
      // The library's own, which is off in the daemon and on in tests (tomlj 2.2.0).
      if (e.getStackTrace()[0].getClassName().equals("org.tomlj.LineVisitor")) {
        return "assertion of the library";
      }
      throw e;
    }
  }

  private String read(byte[] input) {
    try {
      Settings settings = etc.read();
      return "settings, projects " + Math.min(settings.projects().size(), 2);
    } catch (ConfigException e) {
      assertThat(e.errors()).isNotEmpty().isSorted();
      long lines = 1 + new String(input, UTF_8).lines().count();
      for (ConfigError error : e.errors()) {
        assertThat(error.message()).isNotBlank().doesNotContain("\n", "\u001b");
        assertThat((long) error.line()).isBetween(0L, lines);
      }
      return Target.kind(e.errors().get(0).message());
    }
  }

  @Override
  public List<byte[]> seeds() throws IOException {
    return Stream.concat(
            ExampleFileTest.enabled().lines().filter(line -> !line.startsWith("#")),
            Stream.of(
                "[[project]]\nname = 'a'\npath = '/a'\nwarm = \"all\"\n[project.limits]\n",
                "prefix = \"/p\\u00e9\"\n[admin]\nlisten = '[::1]:0'\nadmins = [\"a\", 'b']",
                "limits = { max-size = \"4 GiB\", max-age = \"30d\", low-water = 0.9 }",
                "a.b.c = 1979-05-27T07:32:00Z\n\"\" = 0x_1\n[x]\n[x]\ny = [1, [2], {z = 1e5}]"))
        .map(text -> text.getBytes(UTF_8))
        .toList();
  }
}
