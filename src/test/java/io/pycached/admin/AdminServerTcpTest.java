package io.pycached.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint on a loopback address, which any user and any web page can reach. */
final class AdminServerTcpTest {
  private static final Duration SHORT_IDLE = Duration.ofSeconds(1);
  private static final Duration LONG_IDLE = Duration.ofMinutes(1);

  @TempDir Path directory;
  private final FakeService service = new FakeService();
  private AdminServer server;
  private int port;

  @BeforeAll
  static void quiet() {
    Quiet.jetty();
  }

  @BeforeEach
  void start() throws IOException {
    start(LONG_IDLE);
  }

  private void start(Duration idleTimeout) throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = start("admin.sock", anyPort, idleTimeout);
    port = server.tcpPort().orElseThrow();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private AdminServer start(String name, InetSocketAddress listen, Duration idleTimeout)
      throws IOException {
    return AdminServer.start(
        new AdminEndpoint(directory.resolve(name), Optional.of(listen), List.of()),
        service,
        (route, status, nanos) -> {},
        idleTimeout);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7"})
  void start_addressThatOthersReach_isRefused(String address) throws Exception {
    InetSocketAddress listen = new InetSocketAddress(InetAddress.getByName(address), 0);
    assertThatThrownBy(() -> start("other.sock", listen, LONG_IDLE))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("not a loopback address");
    assertThat(directory.resolve("other.sock")).doesNotExist();
  }

  @Test
  void start_portInUse_isRefusedAndLeavesNoSocket() {
    assertThatThrownBy(
            () ->
                start(
                    "other.sock",
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    SHORT_IDLE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Failed to bind");
    assertThat(directory.resolve("other.sock")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:PORT,200",
    "localhost:PORT,200",
    "LocalHost:PORT,200",
    "[::1]:PORT,200",
    "127.0.0.1,421",
    "localhost,421",
    "127.0.0.1:1,421",
    "127.0.0.2:PORT,421",
    "evil.example:PORT,421",
    "localhost.evil.example:PORT,421",
    "0.0.0.0:PORT,421",
  })
  void anyRequest_host_mustBeOneOfOurs(String host, int status) throws Exception {
    assertThat(
            Wire.status(
                send("GET /v1/status HTTP/1.1", "Host: " + host.replace("PORT", "" + port))))
        .isEqualTo(status);
  }

  @Test
  void anyRequest_noHost_isRefused() throws Exception {
    assertThat(Wire.status(send("GET /v1/status HTTP/1.0", "X-Other: 1"))).isEqualTo(421);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example/v1/status", "http://evil.example:PORT/v1/status"})
  void anyRequest_absoluteTargetElsewhere_isRefused(String target) throws Exception {
    assertThat(Wire.status(send("GET " + target.replace("PORT", "" + port) + " HTTP/1.1", host())))
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "http://evil.example", "http://127.0.0.1:PORT"})
  void anyRequest_origin_is403(String origin) throws Exception {
    String response =
        send("GET /v1/status HTTP/1.1", host(), "Origin: " + origin.replace("PORT", "" + port));
    assertThat(Wire.status(response)).isEqualTo(403);
    assertThat(response).doesNotContain("Access-Control");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"})
  void anyRequest_notARead_is405(String method) throws Exception {
    String response =
        send(
            method + " /v1/prune HTTP/1.1",
            host(),
            "X-Pycached: 1",
            "Content-Type: application/json",
            "Content-Length: 0");
    assertThat(Wire.status(response)).isEqualTo(405);
    assertThat(response).contains("\r\nAllow: GET, HEAD\r\n");
    assertThat(service.writes).isEmpty();
  }

  @Test
  void get_writeRoute_is404() throws Exception {
    assertThat(Wire.status(send("GET /v1/prune HTTP/1.1", host()))).isEqualTo(404);
  }

  @Test
  void anyRequest_headerBeyondTheBound_is431() throws Exception {
    String response =
        send(
            "GET /v1/status HTTP/1.1",
            host(),
            "X-Long: " + "x".repeat(AdminServer.MAX_HEADER_BYTES));
    assertThat(Wire.status(response)).isEqualTo(431);
    assertThat(response).contains("{\"schema\":1,\"error\":").doesNotContain("<", "Jetty");
  }

  @Test
  void anyRequest_targetBeyondTheBound_is414() throws Exception {
    assertThat(
            Wire.status(
                send("GET /" + "x".repeat(AdminServer.MAX_HEADER_BYTES) + " HTTP/1.1", host())))
        .isEqualTo(414);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "GET /v1/status HTTP/9.9", "GET / / HTTP/1.1"})
  void anyRequest_notHttp_isRefusedInOurWords(String line) throws Exception {
    String response = send(line, host());
    assertThat(Wire.status(response)).isBetween(400, 505);
    assertThat(response).contains("{\"schema\":1,\"error\":").doesNotContain("<", "Jetty");
  }

  @Test
  void slowClient_halfAHead_isClosed() throws Exception {
    server.close();
    start(SHORT_IDLE);
    try (Wire wire = Wire.tcp(port).send("GET /v1/status HTTP/1.1\r\n")) {
      assertThat(wire.receive()).doesNotContain(" 200 ");
    }
    assertThat(Wire.status(send("GET /healthz HTTP/1.1", host()))).isEqualTo(200);
  }

  @Test
  void connections_beyondTheBound_leaveTheUnixSocketAlone() throws Exception {
    List<Wire> wires = new ArrayList<>();
    try {
      for (int i = 0; i < AdminServer.MAX_TCP_CONNECTIONS; i++) {
        wires.add(Wire.tcp(port).send("GET /healthz HTTP/1.1\r\n"));
      }
      assertThat(send("GET /healthz HTTP/1.1", host())).isEmpty();
      assertThat(
              AdminClient.get(
                  directory.resolve("admin.sock"), "/healthz", "*/*", Duration.ofSeconds(20)))
          .isEqualTo(new AdminClient.Response(200, "text/plain; charset=utf-8", "", "alive\n"));
    } finally {
      for (Wire wire : wires) {
        wire.close();
      }
    }
    Awaitility.await()
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .until(() -> Wire.status(send("GET /healthz HTTP/1.1", host())) == 200);
  }

  private String host() {
    return "Host: 127.0.0.1:" + port;
  }

  private String send(String... lines) throws IOException {
    try (Wire wire = Wire.tcp(port)) {
      return wire.send(String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n").receive();
    }
  }
}
