package io.pycached.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pycached.compile.Interpreters;
import io.pycached.compile.Search;
import io.pycached.testing.Interpreter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InterpretersCheckTest {
  @TempDir Path top;

  private List<Diagnosis> look(List<Path> configured, List<Path> path) throws IOException {
    return look(configured, path, false, "");
  }

  private List<Diagnosis> look(
      List<Path> configured, List<Path> path, boolean othersWrite, String variable)
      throws IOException {
    int user = (int) Files.getAttribute(top, "unix:uid");
    Search search =
        new Search(
            configured,
            !path.isEmpty(),
            path,
            List.of(),
            List.of(),
            Map.of("PYTHONPYCACHEPREFIX", variable),
            user);
    try (Interpreters interpreters = new Interpreters(search)) {
      return new InterpretersCheck(interpreters, configured, othersWrite, variable).look();
    }
  }

  @Test
  void look_usableInterpreter_isNamedByItsTag() throws IOException {
    Path python = Interpreter.require("3.12");
    assertThat(look(List.of(python), List.of()))
        .singleElement()
        .satisfies(
            diagnosis -> {
              assertThat(diagnosis.severity()).isEqualTo(Severity.OK);
              assertThat(diagnosis.found()).startsWith("cpython-312 by /");
            });
  }

  @Test
  void look_variableIsSet_interpretersThatFollowItAreFine() throws IOException {
    Path python = Interpreter.require("3.12");
    assertThat(look(List.of(python), List.of(), false, "/var/cache/p"))
        .extracting(Diagnosis::severity)
        .containsExactly(Severity.OK);
  }

  /** It has no prefix, whatever the variable says, and nobody's code is to blame. */
  @Test
  void look_pythonBeforePrefixes_isNotAmiss() throws IOException {
    Path python = Interpreter.found().get("3.7");
    assumeThat(python).as("needs Python 3.7").isNotNull();
    assertThat(look(List.of(python), List.of(), false, "/var/cache/p"))
        .extracting(Diagnosis::severity)
        .containsExactly(Severity.OK);
  }

  @Test
  void look_siteSetsAnotherPrefix_isAWarning() throws IOException {
    Path wrapper =
        Files.writeString(
            top.resolve("python3"),
            "#!/bin/sh\ncase $1 in -B) export PYTHONPYCACHEPREFIX=/own;; esac\nexec %s \"$@\"\n"
                .formatted(Interpreter.require("3.12")));
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String variable : List.of("", "/var/cache/p")) {
      assertThat(look(List.of(wrapper), List.of(), false, variable))
          .extracting(Diagnosis::severity, Diagnosis::found)
          .contains(
              tuple(
                  Severity.WARNING,
                  "in %s, sys.pycache_prefix is /own, not what PYTHONPYCACHEPREFIX says: its site customization sets it"
                      .formatted(wrapper)));
    }
  }

  @Test
  void look_configuredOneThatIsNotThere_isAProblem() throws IOException {
    Path none = top.resolve("python3");
    assertThat(look(List.of(none), List.of()))
        .extracting(Diagnosis::severity, Diagnosis::found)
        .contains(tuple(Severity.PROBLEM, "the configured " + none + " does not exist"))
        .extracting(tuple -> tuple.toList().get(0))
        .containsExactly(Severity.WARNING, Severity.PROBLEM);
  }

  @Test
  void look_noneWhereTheDaemonAloneWrites_isAWarning() throws IOException {
    assertThat(look(List.of(), List.of(top), false, ""))
        .extracting(Diagnosis::severity)
        .containsExactly(Severity.WARNING);
  }

  /** In a sidecar there is no Python, and nothing is wrong with that. */
  @Test
  void look_noneWhereUsersWrite_isNotAmiss() throws IOException {
    assertThat(look(List.of(), List.of(top), true, ""))
        .extracting(Diagnosis::severity)
        .containsExactly(Severity.OK);
  }

  @Test
  void look_foundOneThatOthersMayWrite_saysWhyItIsNotUsed() throws IOException {
    Path open = Files.writeString(top.resolve("python3.12"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(look(List.of(), List.of(top)))
        .extracting(Diagnosis::found)
        .anySatisfy(
            found ->
                assertThat(found)
                    .startsWith("not used: " + open)
                    .contains("may be written by others"));
  }
}
