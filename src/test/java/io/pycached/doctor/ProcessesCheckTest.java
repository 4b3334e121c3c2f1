package io.pycached.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessesCheckTest {
  private final Path proc = Jimfs.newFileSystem(Configuration.unix()).getPath("/proc");
  private final Path prefix = proc.resolveSibling("cache");

  @BeforeEach
  void layOut() throws IOException {
    Files.createDirectories(proc.resolve("sys"));
    process(1, 0, "/sbin/init", "PYTHONPYCACHEPREFIX=/elsewhere", "0::/init.scope");
  }

  /** Blanks part words. */
  private void process(int pid, int parent, String words, String environment, String cgroup)
      throws IOException {
    Path directory = Files.createDirectories(proc.resolve(Integer.toString(pid)));
    Files.writeString(directory.resolve("cmdline"), words.replace(' ', '\0') + "\0");
    Files.writeString(directory.resolve("environ"), environment.replace(' ', '\0') + "\0");
    Files.writeString(directory.resolve("stat"), pid + " (a) b) S " + parent + " 1 1");
    Files.writeString(directory.resolve("cgroup"), cgroup + "\n");
  }

  private List<Diagnosis> look(boolean usersWrite) throws IOException {
    return new ProcessesCheck(proc, prefix, usersWrite).look();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "python3 app.py                             | A=1                            | uses no prefix",
        "python3 app.py                             | PYTHONPYCACHEPREFIX=           | uses no prefix",
        "python3 app.py                             | PYTHONPYCACHEPREFIX=/other     | uses another prefix",
        "python3 app.py                             | PYTHONPYCACHEPREFIX=cache      | uses a relative prefix",
        "/opt/py/bin/python3.12 -E app.py           | PYTHONPYCACHEPREFIX=/cache     | ignores the environment",
        "python3.13t -uI app.py                     | PYTHONPYCACHEPREFIX=/cache     | ignores the environment",
        "python3 -X dev -X pycache_prefix=/b a.py   | PYTHONPYCACHEPREFIX=/cache     | uses another prefix",
        "python3 -Xpycache_prefix a.py              | PYTHONPYCACHEPREFIX=/cache     | uses no prefix",
        "pypy3 -W ignore -E -m app                  | PYTHONPYCACHEPREFIX=/cache     | ignores the environment",
        "python3 -B app.py                          | PYTHONPYCACHEPREFIX=/cache     | writes no bytecode",
        "python3 app.py                             | PYTHONPYCACHEPREFIX=/cache PYTHONDONTWRITEBYTECODE=1 | writes no bytecode",
      })
  void look_interpreterThatMissesThePrefix_isTold(String words, String environment, String found)
      throws IOException {
    process(77, 1, words, environment, "0::/user.slice");
    assertThat(look(true))
        .singleElement()
        .satisfies(
            diagnosis -> {
              assertThat(diagnosis.severity()).isEqualTo(Severity.WARNING);
              assertThat(diagnosis.found()).contains(found).contains(": 77");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "python3 app.py -E -I, PYTHONPYCACHEPREFIX=/cache/",
    "python3 -m app -E, PYTHONPYCACHEPREFIX=/cache",
    "python3 -c pass -I, PYTHONPYCACHEPREFIX=/x/../cache",
    "python3 -I -X pycache_prefix=/cache app.py, A=1",
    "python3 --check-hash-based-pycs never -u app.py, PYTHONPYCACHEPREFIX=/cache",
  })
  void look_interpreterThatUsesIt_isCounted(String words, String environment) throws IOException {
    process(77, 1, words, environment, "0::/user.slice");
    assertThat(look(true))
        .extracting(Diagnosis::severity, Diagnosis::found)
        .containsExactly(tuple(Severity.OK, "1 running interpreter uses the prefix"));
  }

  @Test
  void look_interpreterThatOnlyReads_isNotAmissWhereTheDaemonWrites() throws IOException {
    process(77, 1, "python3 -B app.py", "PYTHONPYCACHEPREFIX=/cache", "");
    assertThat(look(false)).extracting(Diagnosis::severity).containsExactly(Severity.OK);
  }

  @Test
  void look_ofAService_offersTheDropIn() throws IOException {
    process(78, 1, "python3 web.py", "A=1", "0::/system.slice/web.service");
    process(77, 1, "python3 job.py", "A=1", "0::/user.slice");
    assertThat(look(true))
        .singleElement()
        .satisfies(
            diagnosis -> {
              assertThat(diagnosis.found())
                  .isEqualTo("2 running interpreters use no prefix: 77, 78 of web.service");
              assertThat(diagnosis.mend())
                  .hasValue(
                      "mkdir -p /etc/systemd/system/web.service.d && printf"
                          + " '[Service]\\nEnvironment=\"%s\"\\n' PYTHONPYCACHEPREFIX=/cache >"
                          + " /etc/systemd/system/web.service.d/pycached.conf && systemctl"
                          + " daemon-reload && systemctl restart web.service");
            });
  }

  @Test
  void look_pycachedsOwnWorkers_areNoConcern() throws IOException {
    process(50, 1, "java -jar /usr/share/pycached/pycached.jar run", "A=1", "");
    process(51, 50, "/usr/bin/python3 -I -S -B /tmp/worker.py", "", "");
    process(52, 1, "python3-config --libs", "A=1", "");
    assertThat(look(true))
        .extracting(Diagnosis::found)
        .containsExactly("0 running interpreters use the prefix");
  }

  @Test
  void look_processThatCannotBeRead_isCountedAsUnknown() throws IOException {
    Files.createDirectories(proc.resolve("99"));
    assertThat(look(true))
        .extracting(Diagnosis::severity)
        .containsExactly(Severity.OK, Severity.UNKNOWN);
  }
}
