package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import io.pycached.testing.Interpreter;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two containers with other sources at the same path, as the kernel makes them. Needs root. */
final class ThrashIT {
  /** Imports what {@code $1} holds as if it were in {@code $2}, which only this process sees. */
  private static final String CONTAINER =
      "mount --bind \"$1\" \"$2\" && cd \"$2\" && exec \"$3\" -c 'import m'";

  @TempDir Path directory;

  @Test
  void status_twoImagesWithOnePath_saysSoAndWhatHelps() throws Exception {
    assumeThat(Files.getAttribute(directory, "unix:uid")).as("needs root").isEqualTo(0);
    Site site = Site.in(directory);
    Path app = Files.createDirectory(site.top().resolve("app"));
    Path one = Files.createDirectory(site.top().resolve("one"));
    Path other = Files.createDirectory(site.top().resolve("other"));
    Files.writeString(one.resolve("m.py"), "x = 1\n");
    Files.writeString(other.resolve("m.py"), "x = 'of another image'\n");
    site.source("shop.py", "x = 1\n");
    Path bytecode = site.bytecode(app.resolve("m.py"));
    try (PycachedDaemon daemon = site.daemon()) {
      for (int i = 0; i < 8; i++) {
        run(site, i % 2 == 0 ? one : other, app);
        long size = Files.size(bytecode);
        daemon.awaitStatus(
            status ->
                assertThat(unverifiable(status)).as("the daemon has seen it").isEqualTo(size));
      }
      daemon.awaitStatus(
          status ->
              assertThat(status.getAsJsonArray("problems").toString())
                  .contains("\"thrash\"")
                  .contains("the first is " + bytecode)
                  .contains("PYTHONPYCACHEPREFIX=/var/cache/pycached/IMAGE"));
      assertThat(bytecode).exists();
    }
  }

  private static long unverifiable(JsonObject status) {
    return status
        .getAsJsonObject("totals")
        .getAsJsonObject("unverifiable")
        .get("bytes")
        .getAsLong();
  }

  private static void run(Site site, Path image, Path app) throws Exception {
    Map<String, String> environment = new TreeMap<>(Pycached.bareEnvironment());
    environment.put("PYTHONPYCACHEPREFIX", site.prefix().toString());
    List<String> command =
        List.of(
            "unshare",
            "-m",
            "sh",
            "-c",
            CONTAINER,
            "sh",
            image.toString(),
            app.toString(),
            Interpreter.require("3.12").toString());
    Pycached.Result result = Pycached.run(command, environment, new byte[0]);
    assertThat(result.status()).as(result.err()).isZero();
  }
}
