package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon beside a tree that is worked on: what it knows follows, and orphans go. */
final class LiveIT {
  @TempDir Path directory;
  private Site site;
  private PycachedDaemon daemon;

  /** Six modules in three directories, all compiled. */
  @BeforeEach
  void start() throws Exception {
    site = Site.in(directory);
    for (String name : List.of("foo", "bar", "pkg/__init__", "pkg/one", "pkg/sub/two")) {
      site.source(name + ".py", "name = '" + name + "'\n");
    }
    site.source("foo-1.0.dist-info/RECORD", "");
    site.source("foo-1.0.dist-info/hook.py", "hook = 1\n");
    site.compile();
    daemon = site.daemon();
  }

  @AfterEach
  void stop() {
    if (daemon != null) {
      daemon.close();
    }
  }

  @Test
  void delete_oneSource_losesItsBytecodeOnly() throws Exception {
    Files.delete(site.root().resolve("foo.py"));
    awaitFiles(5, 0);
    assertThat(site.bytecode("foo.py")).doesNotExist();
    assertThat(site.bytecode("foo-1.0.dist-info/hook.py")).exists();
    assertAgreement();
  }

  @Test
  void delete_packageWithItsDistribution_emptiesTheMirror() throws Exception {
    Files.delete(site.root().resolve("foo.py"));
    Site.deleteTree(site.root().resolve("foo-1.0.dist-info"));
    Site.deleteTree(site.root().resolve("pkg"));
    awaitFiles(1, 0);
    assertAgreement();
    assertThat(site.bytecodeFiles()).containsExactly(site.bytecode("bar.py"));
  }

  @Test
  void rename_file_losesTheOldName() throws Exception {
    Files.move(site.root().resolve("bar.py"), site.root().resolve("baz.py"));
    awaitFiles(5, 0);
    site.compile();
    awaitFiles(6, 0);
    assertAgreement();
    assertThat(site.bytecode("bar.py")).doesNotExist();
    assertThat(site.bytecode("baz.py")).exists();
  }

  @Test
  void rename_package_losesTheOldMirror() throws Exception {
    Files.move(site.root().resolve("pkg"), site.root().resolve("renamed"));
    awaitFiles(3, 0);
    assertThat(site.mirror(site.root().resolve("pkg"))).doesNotExist();
    site.compile();
    awaitFiles(6, 0);
    Files.delete(site.root().resolve("renamed/sub/two.py"));
    awaitFiles(5, 0);
    assertAgreement();
  }

  @Test
  void edit_source_isStaleUntilCompiled() throws Exception {
    site.source("pkg/sub/two.py", "name = 'of another length'\n");
    awaitFiles(5, 1);
    assertAgreement();
    assertThat(site.bytecode("pkg/sub/two.py")).exists();
    site.compile();
    awaitFiles(6, 0);
    assertAgreement();
  }

  @Test
  void create_packageAndImport_isCountedFresh() throws Exception {
    site.source("new/__init__.py", "");
    site.source("new/deep/er/__init__.py", "");
    site.source("new/deep/__init__.py", "");
    site.importing("", "new.deep.er");
    awaitFiles(9, 0);
    assertAgreement();
    Site.deleteTree(site.root().resolve("new"));
    awaitFiles(6, 0);
    assertAgreement();
  }

  @Test
  void import_optimized_addsAVariantThatGoesWithItsSource() throws Exception {
    site.python(List.of("-O", "-m", "compileall", "-q", site.root().toString()));
    awaitFiles(12, 0);
    Files.delete(site.root().resolve("pkg/one.py"));
    awaitFiles(10, 0);
    assertAgreement();
  }

  @Test
  void delete_wholePrefix_isSeenAndRefilled() throws Exception {
    Site.deleteTree(site.prefix().resolve(site.root().getRoot().relativize(site.root())));
    awaitFiles(0, 0);
    site.compile();
    awaitFiles(6, 0);
    assertAgreement();
  }

  private void awaitFiles(long fresh, long stale) {
    daemon.awaitStatus(
        status -> {
          assertThat(PycachedDaemon.files(status, "fresh")).as("fresh").isEqualTo(fresh);
          assertThat(PycachedDaemon.files(status, "stale")).as("stale").isEqualTo(stale);
          assertThat(PycachedDaemon.files(status, "orphaned")).as("orphaned").isZero();
        });
  }

  private void assertAgreement() throws Exception {
    JsonObject totals = site.awaitAgreement(daemon);
    assertThat(totals.getAsJsonObject("orphaned").get("files").getAsLong()).isZero();
    site.awaitNoEmptyDirectory();
  }
}
