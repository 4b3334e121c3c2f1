package io.pycached.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServicesCheckTest {
  private final Path etc = Jimfs.newFileSystem(Configuration.unix()).getPath("/etc");
  private final ServicesCheck check = new ServicesCheck(etc, etc.resolveSibling("cache"));

  private void write(String name, String text) throws IOException {
    Files.createDirectories(etc.resolve(name).getParent());
    Files.writeString(etc.resolve(name), text);
  }

  @Test
  void look_noFiles_isFine() throws IOException {
    assertThat(check.look()).extracting(Diagnosis::severity).containsExactly(Severity.OK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "environment              | PYTHONPYCACHEPREFIX=/cache                              | OK",
        "environment.d/10-py.conf | PYTHONPYCACHEPREFIX=$HOME/.cache/p                      | UNKNOWN",
        "systemd/system.conf      | DefaultEnvironment=A=1 PYTHONPYCACHEPREFIX=/cache B=2   | OK",
        "systemd/system.conf.d/p.conf | DefaultEnvironment=\"PYTHONPYCACHEPREFIX=/cache\" A=1 | OK",
        "systemd/system.conf.d/p.conf | DefaultEnvironment=PYTHONPYCACHEPREFIX=/old         | WARNING",
        "systemd/user.conf        | DefaultEnvironment='PYTHONPYCACHEPREFIX=relative'       | WARNING",
      })
  void look_assignment_isComparedWithThePrefix(String name, String line, Severity severity)
      throws IOException {
    write(name, "[Manager]\n" + line + "\n");
    assertThat(check.look()).extracting(Diagnosis::severity).containsExactly(severity);
    assertThat(check.look().get(0).found()).startsWith("/etc/" + name);
  }

  @Test
  void look_otherPrefix_offersTheEdit() throws IOException {
    write("environment", "PYTHONPYCACHEPREFIX=/old\n");
    assertThat(check.look())
        .extracting(Diagnosis::mend)
        .containsExactly(
            Optional.of(
                "sed -i 's|\\(PYTHONPYCACHEPREFIX=\\)[^\"'\\'' ]*|\\1/cache|' /etc/environment"));
  }

  @Test
  void look_comment_isNoAssignment() throws IOException {
    write("environment", "#PYTHONPYCACHEPREFIX=/old\nPATH=/bin\n");
    assertThat(check.look()).extracting(Diagnosis::severity).containsExactly(Severity.OK);
  }
}
