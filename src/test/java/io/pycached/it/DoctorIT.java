package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What doctor says of a real machine, this one. */
final class DoctorIT {
  private static final Set<String> STATES = Set.of("ok", "warning", "problem", "unknown");

  @TempDir Path directory;
  private Site site;

  @BeforeEach
  void fill() throws Exception {
    site = Site.in(directory);
    site.configure(site.project("shop", site.root()), site.interpreter());
    site.source("a.py", "a = 1\n");
    site.compile();
  }

  private static Map<String, JsonObject> checks(JsonObject doctor) {
    Map<String, JsonObject> checks = new LinkedHashMap<>();
    for (JsonElement each : doctor.getAsJsonArray("checks")) {
      JsonObject check = each.getAsJsonObject();
      checks.putIfAbsent(check.get("check").getAsString(), check);
      assertThat(STATES).contains(check.get("state").getAsString());
      assertThat(check.get("found").getAsString()).isNotEmpty().doesNotContain("\n");
    }
    return checks;
  }

  private static String state(Map<String, JsonObject> checks, String name) {
    return Objects.requireNonNull(checks.get(name)).get("state").getAsString();
  }

  @Test
  void doctor_goodPrefixWithItsDaemon_findsThoseChecksOk() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      assertThat(daemon.problems()).isEmpty();
      Pycached.Result result =
          site.command("doctor", "-o", "json")
              .environment("PYTHONPYCACHEPREFIX", site.prefix().toString())
              .run();
      Map<String, JsonObject> checks = checks(result.json());
      assertThat(checks)
          .containsOnlyKeys(
              "prefix",
              "owners",
              "parents",
              "permissions",
              "space",
              "mount",
              "variable",
              "processes",
              "services",
              "interpreters",
              "watches",
              "daemon",
              "locale");
      for (String name :
          List.of("prefix", "owners", "permissions", "variable", "daemon", "interpreters")) {
        assertThat(state(checks, name)).as("%s: %s", name, checks.get(name)).isEqualTo("ok");
      }
      assertThat(result.status()).isEqualTo(result.json().get("amiss").getAsBoolean() ? 1 : 0);
    }
  }

  @Test
  void doctor_noDaemonNoVariableNoPrefix_saysWhatMendsEach() throws Exception {
    Site.deleteTree(site.prefix());
    Pycached.Result result = site.command("doctor").run();
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out())
        .contains("WARNING  prefix")
        .contains("mend: install -d -m 755 -- " + site.prefix())
        .contains("mend: eval \"$(pycached env --prefix " + site.prefix() + ")\"")
        .contains("WARNING  daemon");
    assertThat(site.prefix()).doesNotExist();
  }

  @Test
  void doctor_interpreterWithARelativePrefix_isFound() throws Exception {
    Path script = Files.writeString(site.top().resolve("wait.py"), "import sys; sys.stdin.read()");
    Process python = site.startPython(List.of("-X", "pycache_prefix=relative", script.toString()));
    try {
      JsonObject doctor = site.command("doctor", "-o", "json").run().json();
      assertThat(doctor.getAsJsonArray("checks"))
          .extracting(each -> each.getAsJsonObject().get("found").getAsString())
          .anySatisfy(
              found ->
                  assertThat(found)
                      .contains("uses a relative prefix")
                      .contains(Long.toString(python.pid())));
    } finally {
      python.destroyForcibly();
    }
  }

  @Test
  void doctor_unknownFormat_isUsage() throws Exception {
    assertThat(site.command("doctor", "-o", "xml").run().status()).isEqualTo(2);
  }
}
