package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sixty-four descriptors, and a tree that is deeper than they reach. */
final class LimitsIT {
  private static final int DEPTH = 40;
  private static final List<String> FEW = List.of("sh", "-c", "ulimit -n 64; exec \"$@\"", "sh");

  @TempDir Path directory;
  private Site site;

  @BeforeEach
  void fill() throws Exception {
    site = Site.in(directory);
    String deep = "d/".repeat(DEPTH);
    for (int i = 0; i < 30; i++) {
      site.source("w%d/m.py".formatted(i), "x = 1\n");
    }
    site.source(deep + "kept.py", "kept = 1\n");
    site.source(deep + "gone.py", "gone = 1\n");
    site.compile();
    Files.delete(site.root().resolve(deep + "gone.py"));
    site.configure(site.project("shop", site.root()), site.interpreter());
  }

  /** It works or says what is wrong; in no case is anything lost. */
  @ParameterizedTest
  @ValueSource(strings = {"check", "prune", "sync"})
  void command_withFewDescriptors_worksOrSaysSo(String command) throws Exception {
    Pycached.Result result = site.command(command, "-o", "json").after(FEW).run();
    assertThat(result.err()).doesNotContain("Exception");
    if (!result.rawOut().contains("Too many open files")
        && !result.err().contains("Too many open files")) {
      assertThat(result.status()).isIn(0, 1);
      String gone = "d/".repeat(DEPTH) + "gone.py";
      if (!command.equals("check")) {
        assertThat(site.bytecode(gone)).doesNotExist();
      }
    } else {
      assertThat(result.status()).isEqualTo(1);
    }
    assertThat(site.bytecode("d/".repeat(DEPTH) + "kept.py")).exists();
    for (int i = 0; i < 30; i++) {
      assertThat(site.bytecode("w%d/m.py".formatted(i))).exists();
    }
  }

  @Test
  void run_withFewDescriptors_worksOrSaysSo() throws Exception {
    try (PycachedDaemon daemon = site.startDaemon(FEW)) {
      daemon.awaitReady();
      JsonObject status = daemon.status();
      assertThat(PycachedDaemon.files(status, "fresh")).isEqualTo(31);
    }
    assertThat(site.bytecode("d/".repeat(DEPTH) + "kept.py")).exists();
  }
}
