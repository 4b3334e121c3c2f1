package io.pycached.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What root can be shown; what another user is told, an integration test shows. */
final class PermissionsCheckTest {
  @TempDir Path top;

  private List<Diagnosis> look(Path prefix, boolean usersWrite) throws IOException {
    return new PermissionsCheck(prefix, usersWrite, Optional.of("dev"), "anna").look();
  }

  @Test
  void look_ownPrefix_isFine() throws IOException {
    Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(look(top, false)).extracting(Diagnosis::severity).containsExactly(Severity.OK);
  }

  @Test
  void look_prefixOfRootThatOthersMayNotRead_isTold() throws IOException {
    assumeThat(Files.getAttribute(top, "unix:uid")).as("needs root").isEqualTo(0);
    Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwxr-x---"));
    assertThat(look(top, false))
        .extracting(Diagnosis::mend)
        .containsExactly(Optional.of("chmod go+rx -- " + top));
    assertThat(look(top, true)).extracting(Diagnosis::severity).containsExactly(Severity.OK);
  }

  @Test
  void look_noPrefix_isUnknown() throws IOException {
    assertThat(look(top.resolve("none"), true))
        .extracting(Diagnosis::severity)
        .containsExactly(Severity.UNKNOWN);
  }
}
