package io.pycached.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.pycached.testing.Pycached;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The units, as systemd-analyze(1) judges them; it needs no systemd that runs. */
final class UnitFilesTest {
  private static final Path UNITS = Path.of("systemd").toAbsolutePath();

  @TempDir Path directory;

  @BeforeEach
  void findJudge() throws Exception {
    assumeThat(run("sh", "-c", "command -v systemd-analyze").status())
        .as("needs systemd-analyze")
        .isZero();
    try (Stream<Path> units = Files.list(UNITS)) {
      for (Path unit : units.filter(Files::isRegularFile).toList()) {
        copy(unit, directory.resolve(unit.getFileName()));
      }
    }
  }

  /** The program itself need not be installed. */
  private static void copy(Path unit, Path to) throws IOException {
    Files.writeString(to, Files.readString(unit).replace("/usr/bin/pycached", "/bin/true"));
  }

  @Test
  void verify_systemUnits_saysNothing() throws Exception {
    List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify"));
    try (Stream<Path> units = Files.list(directory)) {
      units.map(Path::toString).sorted().forEach(command::add);
    }
    assertThat(command).hasSizeGreaterThan(5);
    Pycached.Result result = run(command.toArray(String[]::new));
    assertThat(result.out() + result.err()).isEmpty();
    assertThat(result.status()).isZero();
  }

  @Test
  void verify_userUnit_saysNothing() throws Exception {
    Path unit = Files.createDirectory(directory.resolve("user")).resolve("pycached.service");
    copy(UNITS.resolve("user/pycached.service"), unit);
    Pycached.Result result =
        run(
            "env",
            "XDG_RUNTIME_DIR=" + directory,
            "systemd-analyze",
            "--user",
            "verify",
            unit.toString());
    assertThat(result.out() + result.err()).isEmpty();
    assertThat(result.status()).isZero();
  }

  /** Thresholds are ten times what systemd-analyze shows. */
  @ParameterizedTest
  @CsvSource({
    "pycached.service, '', 10",
    "pycached-maintain.service, '', 10",
    "pycached.service, private-homes.conf, 12",
    "pycached.service, loopback-metrics.conf, 17"
  })
  void security_isBelow(String unit, String dropIn, String threshold) throws Exception {
    if (!dropIn.isEmpty()) {
      Path dropIns = Files.createDirectory(directory.resolve(unit + ".d"));
      Files.copy(UNITS.resolve(unit + ".d").resolve(dropIn), dropIns.resolve(dropIn));
    }
    Pycached.Result result =
        run(
            "systemd-analyze",
            "security",
            "--offline=yes",
            "--threshold=" + threshold,
            directory.resolve(unit).toString());
    assertThat(result.status()).as("%s", result).isZero();
    assertThat(result.out()).contains("Overall exposure level for " + unit);
  }

  private static Pycached.Result run(String... command) throws Exception {
    return Pycached.run(
        List.of(command),
        Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD_PAGER", "cat"),
        new byte[0]);
  }
}
