package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of changes at once: it settles, and is right then. */
final class StormIT {
  /** Two branches of 200 directories and 2,000 sources, of which every third name differs. */
  private static final String REPOSITORY =
      """
      import os, subprocess, sys
      def git(*words):
          subprocess.run(('git', '-c', 'user.name=t', '-c', 'user.email=t@localhost', *words), check=True)
      os.chdir(sys.argv[1])
      git('init', '-q', '-b', 'left')
      for branch in ('left', 'right'):
          if branch == 'right':
              git('checkout', '-q', '--orphan', 'right')
              git('rm', '-q', '-r', '-f', '.')
          for d in range(200):
              name = 'd%d' % d if d % 3 else '%s%d' % (branch, d)
              path = os.path.join('g%d' % (d % 10), name)
              os.makedirs(path, exist_ok=True)
              for f in range(10):
                  with open(os.path.join(path, 'm%d.py' % f), 'w') as out:
                      out.write('branch = %r\\n' % (branch if f % 2 else 'both'))
          git('add', '-A')
          git('commit', '-q', '-m', branch)
      """;

  /** Sources and their bytecode, the latter by importlib's own words: compileall takes a minute. */
  private static final String MANY =
      """
      import os, sys
      from importlib import _bootstrap_external as external, util
      for d in range(100):
          path = os.path.join(sys.argv[1], 'd%d' % d)
          os.makedirs(path)
          for f in range(200):
              source = os.path.join(path, 'm%d.py' % f)
              open(source, 'w').close()
              bytecode = util.cache_from_source(source)
              os.makedirs(os.path.dirname(bytecode), exist_ok=True)
              with open(bytecode, 'wb') as out:
                  stat = os.stat(source)
                  code = compile('', source, 'exec')
                  out.write(external._code_to_timestamp_pyc(code, int(stat.st_mtime), stat.st_size))
      """;

  private static final String TOUCH =
      """
      import os, sys
      for path, directories, names in os.walk(sys.argv[1]):
          for name in names:
              os.utime(os.path.join(path, name), (1, 1))
      """;

  @TempDir Path directory;

  @Test
  void checkout_backAndForth_leavesNoOrphanAndLosesNoLiveFile() throws Exception {
    Site site = Site.in(directory);
    site.python(List.of("-c", REPOSITORY, site.root().toString()));
    try (PycachedDaemon daemon = site.daemon()) {
      for (String branch : List.of("left", "right", "left")) {
        checkout(site, branch);
        site.compile();
      }
      JsonObject totals = site.awaitAgreement(daemon);
      assertThat(totals.getAsJsonObject("fresh").get("files").getAsLong()).isEqualTo(2_000);
      assertThat(site.bytecodeFiles()).hasSize(2_000);
      site.awaitNoEmptyDirectory();
      // Without a compilation that would hide what was lost.
      checkout(site, "right");
      totals = site.awaitAgreement(daemon);
      long kept = totals.getAsJsonObject("fresh").get("files").getAsLong();
      long stale = totals.getAsJsonObject("stale").get("files").getAsLong();
      assertThat(kept + stale).isEqualTo(133 * 10);
      assertThat(daemon.log()).doesNotContain("Exception", "SEVERE");
    }
  }

  private static void checkout(Site site, String branch) throws Exception {
    site.python(
        List.of(
            "-c",
            "import subprocess, sys; subprocess.run(['git', '-C', sys.argv[1], 'checkout', '-q', sys.argv[2]], check=True)",
            site.root().toString(),
            branch));
  }

  @Test
  void touch_20000Sources_areAllStale() throws Exception {
    Site site = Site.in(directory);
    site.python(List.of("-c", MANY, site.root().toString()));
    try (PycachedDaemon daemon = site.daemon()) {
      assertThat(daemon.files("fresh")).isEqualTo(20_000);
      site.python(List.of("-c", TOUCH, site.root().toString()));
      JsonObject totals = site.awaitAgreement(daemon);
      assertThat(totals.getAsJsonObject("stale").get("files").getAsLong()).isEqualTo(20_000);
      assertThat(site.bytecodeFiles()).hasSize(20_000);
      Path one = site.root().resolve("d7/m11.py");
      Files.setLastModifiedTime(one, FileTime.from(Instant.ofEpochSecond(2)));
      Files.delete(site.root().resolve("d8/m12.py"));
      daemon.awaitStatus(
          status -> assertThat(PycachedDaemon.files(status, "stale")).isEqualTo(19_999));
      assertThat(daemon.log()).doesNotContain("Exception", "SEVERE");
    }
  }
}
