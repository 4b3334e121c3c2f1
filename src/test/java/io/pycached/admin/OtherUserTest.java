package io.pycached.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another user may, as curl sees it. Needs root, to become that user. */
final class OtherUserTest {
  private static final String OTHER_UID = "65534";

  @TempDir Path directory;
  private final FakeService service = new FakeService();
  private Path socket;
  private AdminServer server;

  @BeforeAll
  static void quiet() {
    Quiet.jetty();
  }

  @BeforeEach
  void start() throws Exception {
    assumeThat(Files.getAttribute(directory, "unix:uid")).as("needs root").isEqualTo(0);
    for (String tool : List.of("setpriv", "curl")) {
      assumeThat(run("which", tool)).as("needs " + tool).isNotEmpty();
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    socket = directory.resolve("admin.sock");
    server =
        AdminServer.start(
            new AdminEndpoint(socket, Optional.empty(), List.of()),
            service,
            (route, status, nanos) -> {});
  }

  @AfterEach
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void connect_notInTheGroup_isRefusedByTheKernel() throws Exception {
    assertThat(asOther("/v1/status")).isEqualTo("000");
  }

  @Test
  void write_anybodyWhoConnects_is403() throws Exception {
    openToAll();
    assertThat(asOther("/v1/status")).isEqualTo("200");
    assertThat(postAsOther()).isEqualTo("403");
    assertThat(service.writes).isEmpty();
  }

  @Test
  void write_admin_isDoneUntilNoLongerAdmin() throws Exception {
    openToAll();
    server.admins(List.of(OTHER_UID));
    assertThat(postAsOther()).isEqualTo("200");
    server.admins(List.of("daemon"));
    assertThat(postAsOther()).isEqualTo("403");
    assertThat(service.writes).hasSize(1);
  }

  private void openToAll() throws IOException {
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
  }

  private String postAsOther() throws Exception {
    return asOther(
        "/v1/sync", "-H", "X-Pycached: 1", "-H", "Content-Type: application/json", "-d", "{}");
  }

  /** {@return the status code that curl prints, 000 if there is none} */
  private String asOther(String target, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=" + OTHER_UID,
                "--regid=" + OTHER_UID,
                "--clear-groups",
                "curl",
                "-s",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "--max-time",
                "20",
                "--unix-socket",
                socket.toString()));
    command.addAll(List.of(options));
    command.add("http://localhost" + target);
    return run(command.toArray(new String[0]));
  }

  private static String run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
