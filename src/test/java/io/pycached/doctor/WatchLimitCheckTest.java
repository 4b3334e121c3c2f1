package io.pycached.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.pycached.testing.PycacheTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WatchLimitCheckTest {
  private final Path proc = Jimfs.newFileSystem(Configuration.unix()).getPath("/proc");
  private final Path project = proc.resolveSibling("shop");
  private final Path prefix = proc.resolveSibling("p");
  private final WatchLimitCheck check =
      new WatchLimitCheck(
          proc, prefix, List.of(PycacheTree.project("shop", project, "**/skipped")));

  /** Ten directories: five in each. */
  @BeforeEach
  void layOut() throws IOException {
    Files.createDirectories(project.resolve("a/b/c/d"));
    Files.createDirectories(project.resolve("skipped/e/f"));
    Files.createDirectories(prefix.resolve("a/b/c/d"));
    Files.createSymbolicLink(project.resolve("link"), prefix);
  }

  private void limit(String key, String value) throws IOException {
    Path file = proc.resolve("sys").resolve(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value + "\n");
  }

  @ParameterizedTest
  @CsvSource({"10, PROBLEM", "11, WARNING", "19, WARNING", "20, OK"})
  void look_limit_isComparedWithWhatIsThere(String limit, Severity severity) throws IOException {
    limit("fs/inotify/max_user_watches", limit);
    assertThat(check.look()).extracting(Diagnosis::severity).containsExactly(severity);
    assertThat(check.look().get(0).found()).startsWith("10 directories to watch, " + limit);
  }

  @Test
  void look_namespaceHasTheSmallerLimit_offersToRaiseThat() throws IOException {
    limit("fs/inotify/max_user_watches", "100000");
    limit("user/max_inotify_watches", "4");
    assertThat(check.look().get(0).mend())
        .hasValue(
            "sysctl user.max_inotify_watches=524288 && echo user.max_inotify_watches=524288 >"
                + " /etc/sysctl.d/60-pycached.conf");
  }

  @Test
  void look_noLimitToRead_isUnknown() throws IOException {
    assertThat(check.look()).extracting(Diagnosis::severity).containsExactly(Severity.UNKNOWN);
  }
}
