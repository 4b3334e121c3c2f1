package io.pycached.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pycached.layout.RawPath;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint on its Unix socket. */
final class AdminServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT_IDLE = Duration.ofSeconds(2);
  private static final Duration LONG_IDLE = Duration.ofMinutes(1);

  private record Heard(String route, int status) {}

  @TempDir Path directory;
  private final FakeService service = new FakeService();
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private Path socket;
  private AdminServer server;

  @BeforeAll
  static void quiet() {
    Quiet.jetty();
  }

  @BeforeEach
  void start() throws IOException {
    socket = directory.resolve("admin.sock");
    server = start(socket, LONG_IDLE);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private AdminServer start(Path socket, Duration idleTimeout) throws IOException {
    return AdminServer.start(
        new AdminEndpoint(socket, Optional.empty(), List.of()),
        service,
        (route, status, nanos) -> heard.add(new Heard(nanos > 0 ? route : "in no time", status)),
        idleTimeout);
  }

  @Test
  void start_socketFile_isForOwnerAndGroup() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(socket));
    assertThat(server.tcpPort()).isEmpty();
  }

  @Test
  void start_liveSocket_isRefusedAndGoesOn() throws Exception {
    assertThatThrownBy(() -> start(socket, LONG_IDLE))
        .isInstanceOf(BindException.class)
        .hasMessage(socket + " is in use by another process");
    assertThat(get("/healthz", "").status()).isEqualTo(200);
  }

  @Test
  void start_notASocket_isRefused() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "precious");
    assertThatThrownBy(() -> start(file, LONG_IDLE)).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("precious");
  }

  @Test
  void start_unknownAdmin_isRefusedAndLeavesNothing() {
    Path other = directory.resolve("other.sock");
    assertThatThrownBy(
            () ->
                AdminServer.start(
                    new AdminEndpoint(other, Optional.empty(), List.of("no-such-user")),
                    service,
                    (route, status, nanos) -> {}))
        .isInstanceOf(UserPrincipalNotFoundException.class);
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(socket));
  }

  @Test
  void close_socketFile_isGoneAndTheNextCanStart() throws Exception {
    server.close();
    server.close();
    assertThat(directory).isEmptyDirectory();
    server = start(socket, LONG_IDLE);
    assertThat(get("/healthz", "").status()).isEqualTo(200);
  }

  @Test
  void status_json_hasTheState() throws Exception {
    assertThat(get("/v1/status", "*/*"))
        .isEqualTo(new AdminClient.Response(200, "application/json", "degraded", "{\"schema\":1}"));
    assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(new Heard("/v1/status", 200));
  }

  @Test
  void status_textPlain_isWhatTheCommandLinePrints() throws Exception {
    assertThat(get("/v1/status", "text/plain"))
        .isEqualTo(
            new AdminClient.Response(
                200, "text/plain; charset=utf-8", "degraded", "● pycached — degraded\n"));
  }

  @Test
  void head_status_isTheHeadAlone() throws Exception {
    String response = send("HEAD /v1/status HTTP/1.1", "Host: x", "Connection: close");
    assertThat(response)
        .startsWith("HTTP/1.1 200 ")
        .contains("Content-Length: 12\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void anyResponse_fields_areStrict() throws Exception {
    for (String target : List.of("/v1/status", "/", "/nowhere")) {
      assertThat(send("GET " + target + " HTTP/1.1", "Host: x", "Connection: close"))
          .contains("\r\nCache-Control: no-store\r\n")
          .contains("\r\nX-Content-Type-Options: nosniff\r\n")
          .contains("\r\nContent-Security-Policy: default-src 'none';")
          .doesNotContain("Server:", "Access-Control", "Jetty");
    }
  }

  @Test
  void page_root_admitsItsOwnScript() throws Exception {
    assertThat(send("GET / HTTP/1.1", "Host: x", "Connection: close"))
        .startsWith("HTTP/1.1 200 ")
        .contains("\r\nContent-Type: text/html; charset=utf-8\r\n")
        .contains("script-src 'sha256-")
        .containsOnlyOnce("Content-Security-Policy")
        .contains("<title>pycached</title>");
  }

  @Test
  void metrics_accept_isTheServicesToReadAndItsTypeToSay() throws Exception {
    assertThat(get("/metrics", "application/openmetrics-text"))
        .isEqualTo(
            new AdminClient.Response(
                200,
                "text/plain; version=0.0.4",
                "",
                "accepted{by=\"application/openmetrics-text\"} 1\n"));
  }

  @Test
  void readyz_notReady_is503WithTheReason() throws Exception {
    assertThat(get("/readyz", "").status()).isEqualTo(200);
    service.ready = new Health(false, "first survey not done");
    assertThat(get("/readyz", ""))
        .isEqualTo(
            new AdminClient.Response(
                503, "text/plain; charset=utf-8", "", "first survey not done\n"));
  }

  @Test
  void why_bytesThatAreNotUtf8_reachTheService() throws Exception {
    String raw = "/srv/\u00ff\u00fe a+b.py";
    AdminClient.Response response =
        get("/v1/why?path=" + AdminClient.percentEncode(raw), "text/plain");
    assertThat(response.body()).isEqualTo("{\"format\":\"TEXT\"}");
    assertThat(service.asked).extracting(RawPath::of).containsExactly(raw);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?", "?path=", "?path=a", "?path=/a&path=/b", "?path=/a&x=1"})
  void why_notOneAbsolutePath_is400(String query) throws Exception {
    assertThat(get("/v1/why" + query, "").status()).isEqualTo(400);
    assertThat(service.asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/nowhere,404,",
    "GET,/v1/status/,404,",
    "GET,/V1/status,404,",
    "GET,/v1,404,",
    "POST,/nowhere,404,",
    "POST,/v1/status,405,'GET, HEAD'",
    "DELETE,/,405,'GET, HEAD'",
    "OPTIONS,/metrics,405,'GET, HEAD'",
    "TRACE,/v1/status,405,'GET, HEAD'",
    "GET,/v1/prune,405,POST",
    "HEAD,/v1/purge,405,POST",
    "PUT,/v1/sync,405,POST",
  })
  void anyRequest_wrongPathOrMethod_is404Or405(String method, String path, int status, String allow)
      throws Exception {
    String response = send(method + " " + path + " HTTP/1.1", "Host: x", "Connection: close");
    assertThat(Wire.status(response)).isEqualTo(status);
    if (allow == null) {
      assertThat(response).doesNotContain("\r\nAllow:");
    } else {
      assertThat(response).contains("\r\nAllow: " + allow + "\r\n");
    }
    assertThat(service.writes).isEmpty();
    assertThat(heard.poll(20, TimeUnit.SECONDS))
        .isEqualTo(new Heard(status == 404 ? "other" : path, status));
  }

  @Test
  void error_format_isTheClients() throws Exception {
    assertThat(get("/nowhere", "").body()).isEqualTo("{\"schema\":1,\"error\":\"no such path\"}\n");
    assertThat(get("/nowhere", "text/plain").body()).isEqualTo("no such path\n");
  }

  @Test
  void anyRequest_origin_is403() throws Exception {
    assertThat(
            Wire.status(
                send(
                    "GET /v1/status HTTP/1.1", "Host: x", "Origin: http://x", "Connection: close")))
        .isEqualTo(403);
  }

  @Test
  void service_throws_is500WithoutTheDetail() throws Exception {
    AdminClient.Response response = get("/metrics", "application/x-broken");
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.body()).doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "reconcile,RECONCILE",
    "prune,PRUNE",
    "sync,SYNC",
    "purge,PURGE",
  })
  void write_parameters_reachTheService(String path, WriteOperation operation) throws Exception {
    AdminClient.Response response =
        post(
            "/v1/" + path + "?path=/srv/a%ff&dry_run=true",
            "{\"project\":\"shop\",\"variant\":[\"cpython-312\",\"no tag\"],\"full\":true}");
    assertThat(response)
        .isEqualTo(new AdminClient.Response(200, "application/json", "", "{\"done\":true}"));
    assertThat(service.writes)
        .containsExactly(
            new WriteRequest(
                operation,
                List.of(RawPath.toPath(directory.getFileSystem(), "/srv/a\u00ff")),
                List.of("shop"),
                List.of("cpython-312", "no tag"),
                true,
                true,
                false));
  }

  @Test
  void write_emptyBody_isEverything() throws Exception {
    assertThat(post("/v1/sync", "").status()).isEqualTo(200);
    assertThat(service.writes)
        .containsExactly(
            new WriteRequest(
                WriteOperation.SYNC, List.of(), List.of(), List.of(), false, false, false));
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Type: application/json,X-Pycached: 2,403",
    "Content-Type: application/json,X-Other: 1,403",
    "Content-Type: text/plain,X-Pycached: 1,415",
    "X-Other: 1,X-Pycached: 1,415",
    "Content-Type: application/json; charset=utf-8,X-Pycached: 1,200",
  })
  void write_fields_areNeeded(String one, String two, int status) throws Exception {
    String response =
        send(
            "POST /v1/prune HTTP/1.1",
            "Host: x",
            "Connection: close",
            "Content-Length: 0",
            one,
            two);
    assertThat(Wire.status(response)).isEqualTo(status);
    assertThat(service.writes).hasSize(status == 200 ? 1 : 0);
  }

  @Test
  void write_unknownParameter_is400() throws Exception {
    assertThat(post("/v1/prune", "{\"dryrun\":true}"))
        .isEqualTo(
            new AdminClient.Response(
                400,
                "application/json",
                "",
                "{\"schema\":1,\"error\":\"unknown parameter: dryrun\"}\n"));
    assertThat(service.writes).isEmpty();
  }

  @Test
  void write_bodyAtTheBound_isRead() throws Exception {
    String json = "{\"full\":true" + " ".repeat(Routes.MAX_BODY_BYTES - 13) + "}";
    assertThat(json).hasSize(Routes.MAX_BODY_BYTES);
    assertThat(post("/v1/prune", json).status()).isEqualTo(200);
  }

  @Test
  void write_bodyBeyondTheBound_is413() throws Exception {
    String json = "{\"full\":true" + " ".repeat(Routes.MAX_BODY_BYTES - 12) + "}";
    assertThat(post("/v1/prune", json).status()).isEqualTo(413);
    assertThat(service.writes).isEmpty();
  }

  @Test
  void write_chunksBeyondTheBound_is413() throws Exception {
    try (Wire wire = Wire.unix(socket)) {
      wire.send(
          String.join(
              "\r\n",
              "POST /v1/prune HTTP/1.1",
              "Host: x",
              "Connection: close",
              "X-Pycached: 1",
              "Content-Type: application/json",
              "Transfer-Encoding: chunked",
              "",
              "10001",
              " ".repeat(0x10001),
              "0",
              "",
              ""));
      assertThat(Wire.status(wire.receive())).isEqualTo(413);
    }
  }

  @Test
  void write_longerThanTheIdleTimeout_isAnswered() throws Exception {
    server.close();
    server = start(socket, SHORT_IDLE);
    service.work =
        request -> {
          TimeUnit.MILLISECONDS.sleep(2 * SHORT_IDLE.toMillis());
          return new Answer(501, "text/plain", "not here");
        };
    assertThat(post("/v1/sync", "").status()).isEqualTo(501);
  }

  @Test
  void write_moreThanTheBoundAtOnce_is503AndReadsGoOn() throws Exception {
    CountDownLatch started = new CountDownLatch(WriteGate.MAX_WRITES);
    CountDownLatch finish = new CountDownLatch(1);
    service.work =
        request -> {
          started.countDown();
          finish.await();
          return Answer.json("{}");
        };
    List<CompletableFuture<Integer>> running = new ArrayList<>();
    for (int i = 0; i < WriteGate.MAX_WRITES; i++) {
      // The common pool may have a single thread.
      running.add(
          CompletableFuture.supplyAsync(this::syncStatus, task -> new Thread(task).start()));
    }
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(post("/v1/prune", "").status()).isEqualTo(503);
    assertThat(get("/healthz", "").status()).isEqualTo(200);
    finish.countDown();
    for (CompletableFuture<Integer> status : running) {
      assertThat(status.get(20, TimeUnit.SECONDS)).isEqualTo(200);
    }
    Awaitility.await().untilAsserted(() -> assertThat(syncStatus()).isEqualTo(200));
  }

  @Test
  void write_thatThrows_freesItsPlace() throws Exception {
    service.work =
        request -> {
          throw new IllegalStateException("no");
        };
    for (int i = 0; i <= WriteGate.MAX_WRITES; i++) {
      assertThat(post("/v1/sync", "").status()).isEqualTo(500);
    }
  }

  @Test
  void close_runningWrite_isAnsweredFirst() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    service.work =
        request -> {
          started.countDown();
          Awaitility.await().until(() -> Files.notExists(socket));
          return Answer.json("{}");
        };
    CompletableFuture<Integer> status = CompletableFuture.supplyAsync(this::syncStatus);
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    server.close();
    assertThat(status.get(20, TimeUnit.SECONDS)).isEqualTo(200);
  }

  @Test
  void close_writeWithoutEnd_isInterrupted() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    service.work =
        request -> {
          started.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
          return Answer.json("{}");
        };
    try (Wire wire = Wire.unix(socket)) {
      wire.send("POST /v1/sync HTTP/1.1\r\nHost: x\r\nX-Pycached: 1\r\n")
          .send("Content-Type: application/json\r\nContent-Length: 0\r\n\r\n");
      assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
      server.close();
      assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
      // Closed, with or without a last word.
      assertThat(wire.receive()).doesNotContain(" 200 ");
    }
  }

  @Test
  void connections_beyondTheBound_areClosedAndTheServerLives() throws Exception {
    List<Wire> wires = new ArrayList<>();
    try {
      for (int i = 0; i < AdminServer.MAX_SOCKET_CONNECTIONS; i++) {
        wires.add(Wire.unix(socket).send("GET /healthz HTTP/1.1\r\n"));
      }
      assertThat(send("GET /healthz HTTP/1.1", "Host: x", "Connection: close")).isEmpty();
      assertThat(wires.get(7).send("Host: x\r\nConnection: close\r\n\r\n").receive())
          .startsWith("HTTP/1.1 200 ");
    } finally {
      for (Wire wire : wires) {
        wire.close();
      }
    }
    Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(get("/healthz", "").status()).isEqualTo(200));
  }

  @Test
  void admins_unknownUser_isRefused() {
    assertThatThrownBy(() -> server.admins(List.of("no-such-user")))
        .isInstanceOf(UserPrincipalNotFoundException.class);
  }

  private int syncStatus() {
    try {
      return post("/v1/sync", "").status();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private AdminClient.Response get(String target, String accept) throws IOException {
    return (AdminClient.Response) AdminClient.get(socket, target, accept, PATIENCE);
  }

  private AdminClient.Response post(String target, String json) throws IOException {
    return (AdminClient.Response)
        AdminClient.post(socket, target, "application/json", json, PATIENCE);
  }

  private String send(String... lines) throws IOException {
    try (Wire wire = Wire.unix(socket)) {
      return wire.send(String.join("\r\n", lines) + "\r\n\r\n").receive();
    }
  }
}
