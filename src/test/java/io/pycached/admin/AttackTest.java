package io.pycached.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no honest client sends; after each of them the endpoint answers as before. */
@Timeout(60)
final class AttackTest {
  private static final Duration IDLE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int SLOW_CLIENTS = 200;

  @TempDir Path directory;
  private final FakeService service = new FakeService();
  private AdminServer server;
  private Path socket;
  private int port;

  @BeforeAll
  static void quiet() {
    Quiet.jetty();
  }

  @BeforeEach
  void start() throws IOException {
    socket = directory.resolve("admin.sock");
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        AdminServer.start(
            new AdminEndpoint(socket, Optional.of(anyPort), List.of()),
            service,
            (route, status, nanos) -> {},
            IDLE);
    port = server.tcpPort().orElseThrow();
  }

  @AfterEach
  void stop() throws IOException {
    assertThat(service.writes).isEmpty();
    assertThat(alive()).isTrue();
    server.close();
  }

  /**
   * What is sent: CR LF is a bar, HOST the field that is right, and {@code \xNN} a byte; and the
   * status, where one is due.
   */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      value = {
        "GET /healthz HTTP/1.1|HOST|Host: evil.example|| => 400",
        "GET /healthz HTTP/1.1|HOST|HOST|| => 400",
        "GET /healthz HTTP/1.1|Host : 127.0.0.1:PORT|| => 400",
        "GET /healthz HTTP/1.1|Host: 127.0.0.1:PORT, evil.example|| => 400",
        "GET /healthz HTTP/1.1|Host: 127.0.0.1:PORT@evil.example|| => 400",
        "GET /healthz HTTP/1.1|Host: evil.example@127.0.0.1:PORT|| => 400",
        "GET /healthz HTTP/1.1|Host:|| => 400",
        "GET /healthz HTTP/1.1|| => 400",
        "GET /healthz HTTP/1.1|HOST|origin: null|| => 403",
        "GET /healthz HTTP/1.1|HOST|Origin:|| => 403",
        "GET http://evil.example/healthz HTTP/1.1|HOST|| => 400",
        "GET https://127.0.0.1:PORT/healthz HTTP/1.1|Host: evil.example|| => 400",
        "CONNECT evil.example:443 HTTP/1.1|HOST|| => 4xx",
        "OPTIONS * HTTP/1.1|HOST|| => 405",
        "get /healthz HTTP/1.1|HOST|| => 405",
        "GET\\x00 /healthz HTTP/1.1|HOST|| => 400",
        "GET /health\\x00z HTTP/1.1|HOST|| => 400",
        "GET /health\\x01z HTTP/1.1|HOST|| => 400",
        "GET /v1/why?path=/a\\x7f HTTP/1.1|HOST|| => 4xx",
        "GET /health%00z HTTP/1.1|HOST|| => 400",
        "GET /v1/..;/healthz HTTP/1.1|HOST|| => 4xx",
        "GET /v1/%2e%2e/healthz HTTP/1.1|HOST|| => 4xx",
        "GET /%2fhealthz HTTP/1.1|HOST|| => 4xx",
        "GET //healthz HTTP/1.1|HOST|| => 4xx",
        "GET /%zz HTTP/1.1|HOST|| => 400",
        "GET /\\xff HTTP/1.1|HOST|| => 4xx",
        "GET /v1/why?path=/%00 HTTP/1.1|HOST|| => 400",
        "GET /v1/why?path=/%zz HTTP/1.1|HOST|| => 400",
        "GET healthz HTTP/1.1|HOST|| => 400",
        "GET /healthz HTTP/1.1|HOST|X-A: a\\x00b|| => 400",
        "GET /healthz HTTP/1.1|HOST|X-A: a\\x0bb|| => 400",
        "GET /healthz HTTP/1.1|HOST|X-\\x00: a|| => 400",
        "GET /healthz HTTP/1.1|HOST|: a|| => 400",
        "GET /healthz HTTP/1.1|HOST|no colon|| => 400",
        "GET /healthz HTTP/1.1|HOST|X-A: a| folded|| => 400",
        "GET /healthz HTTP/1.1| X-A: a|HOST|| => 400",
        "GET /healthz HTTP/1.1|HOST|Content-Length: -1|| => 400",
        "GET /healthz HTTP/1.1|HOST|Content-Length: +1||a => 400",
        "GET /healthz HTTP/1.1|HOST|Content-Length: 1x||a => 400",
        "GET /healthz HTTP/1.1|HOST|Content-Length: 99999999999999999999|| => 400",
        "GET /healthz HTTP/1.1|HOST|Content-Length: 1|Content-Length: 2||ab => 400",
        "GET /healthz HTTP/1.1|HOST|Content-Length: 5|Transfer-Encoding: chunked||0||a => 400",
        "GET /healthz HTTP/1.1|HOST|Transfer-Encoding: chunked|Content-Length: 5||0||a => 400",
        "GET /healthz HTTP/1.1|HOST|Transfer-Encoding: chunked, identity||0|| => 4xx",
        "GET /healthz HTTP/1.1|HOST|Transfer-Encoding: xchunked||0|| => 4xx",
        "POST /v1/prune HTTP/1.1|HOST|Transfer-Encoding: chunked||zz|{}|0|| => 4xx",
        "POST /v1/prune HTTP/1.1|HOST|Transfer-Encoding: chunked||ffffffffffffffff1|| => 4xx",
        "\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc\\x03\\x03|| => 400",
        "\\x00\\x00\\x00\\x00\\x00\\x00|| => 400",
        "HTTP/1.1 200 OK|HOST|| => 4xx",
      })
  void tcp_oddRequest_isRefusedWithAClearStatus(String request, String status) throws Exception {
    String response = send(bytes(request));
    if (status.endsWith("xx")) {
      assertThat(Wire.status(response)).isBetween(400, 499);
    } else {
      assertThat(Wire.status(response)).isEqualTo(Integer.parseInt(status));
    }
    assertThat(response)
        .contains("{\"schema\":1,\"error\":")
        .doesNotContain("Access-Control", "Jetty", "jetty", "<")
        .doesNotContain("\r\n\r\nHTTP/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /healthz|",
        "GET /healthz HTTP/0.9|HOST||",
        "GET /healthz HTTP/2.0|HOST||",
        "GET /healthz HTTP/1.2|HOST||",
        "PRI * HTTP/2.0||SM||\\x00\\x00\\x00\\x04\\x00\\x00\\x00\\x00\\x00",
      })
  void tcp_anotherVersionOfHttp_isRefused(String request) throws Exception {
    // 505 is the one answer above 499 that is about the request (RFC 9110, 15.6.6).
    String response = send(bytes(request));
    assertThat(Wire.status(response)).isIn(400, 426, 505);
    assertThat(response).doesNotContain("alive", "Jetty", "<");
  }

  @Test
  void tcp_manyFields_are431() throws Exception {
    StringBuilder request = new StringBuilder("GET /healthz HTTP/1.1|HOST|");
    for (int i = 0; i < 5_000; i++) {
      request.append('x').append(i).append(":|");
    }
    assertThat(Wire.status(send(bytes(request + "|")))).isEqualTo(431);
  }

  @Test
  void tcp_endlessRequestLine_isRefusedAtTheBound() throws Exception {
    String response = send("GET /" + "a".repeat(1 << 20));
    // The answer may get lost behind what was still being sent.
    assertThat(response.isEmpty() || Wire.status(response) == 414).isTrue();
  }

  @Test
  void tcp_bodyOnGet_isNotTakenForARequest() throws Exception {
    String smuggled = "POST /v1/prune HTTP/1.1|HOST|X-Pycached: 1||";
    String head = "GET /healthz HTTP/1.1|HOST|Content-Length: " + bytes(smuggled).length();
    try (Wire wire = Wire.tcp(port)) {
      String responses =
          wire.send(bytes(head + "||" + smuggled))
              .send(bytes("GET /healthz HTTP/1.1|HOST|Connection: close||"))
              .receive();
      assertThat(responses).startsWith("HTTP/1.1 200 ").doesNotContain("HTTP/1.1 4");
    }
  }

  @Test
  void tcp_pipelined_areAnsweredInOrderUpToTheFirstBadOne() throws Exception {
    String good = bytes("GET /healthz HTTP/1.1|HOST||");
    String bad = bytes("GET /healthz HTTP/1.1|HOST|Content-Length: 1|Content-Length: 2||");
    try (Wire wire = Wire.tcp(port)) {
      // It goes on listening: of one that has said its last, the server need not answer everything.
      String responses = wire.send(good.repeat(3) + bad + good).receive();
      assertThat(
              Stream.of(responses.split("HTTP/1\\.1 ", -1))
                  .map(response -> response.substring(0, Math.min(response.length(), 3))))
          .containsExactly("", "200", "200", "200", "400");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void slowClients_areCutOffAndDoNotKeepOthersWaiting(boolean unix) throws Exception {
    List<Wire> slow = new ArrayList<>();
    try {
      for (int i = 0; i < SLOW_CLIENTS; i++) {
        slow.add(unix ? Wire.unix(socket) : Wire.tcp(port));
      }
      String request = bytes("GET /healthz HTTP/1.1|HOST|X-Slow: ") + "a".repeat(1_000);
      long start = System.nanoTime();
      long longest = 0;
      for (int at = 0; System.nanoTime() - start < 3 * IDLE.toNanos(); at++) {
        for (Wire wire : slow) {
          wire.send(request.substring(at, at + 1));
        }
        long asked = System.nanoTime();
        assertThat(alive()).isTrue();
        longest = Math.max(longest, System.nanoTime() - asked);
        TimeUnit.MILLISECONDS.sleep(300);
      }
      assertThat(longest).isLessThan(TimeUnit.SECONDS.toNanos(5));
      // Not because nothing more comes: they are closed already.
      long stopped = System.nanoTime();
      for (Wire wire : slow) {
        assertThat(wire.receive()).doesNotContain(" 200 ");
      }
      assertThat(System.nanoTime() - stopped).isLessThan(IDLE.toNanos() / 2);
    } finally {
      for (Wire wire : slow) {
        wire.close();
      }
    }
  }

  private boolean alive() throws IOException {
    return AdminClient.get(socket, "/healthz", "*/*", PATIENCE)
            instanceof AdminClient.Response response
        && response.status() == 200;
  }

  private String bytes(String request) {
    StringBuilder bytes = new StringBuilder();
    String text =
        request
            .replace("HOST", "Host: 127.0.0.1:PORT")
            .replace("PORT", Integer.toString(port))
            .replace("|", "\r\n");
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("\\x", at)) {
        bytes.append((char) Integer.parseInt(text.substring(at + 2, at + 4), 16));
        at += 4;
      } else {
        bytes.append(text.charAt(at++));
      }
    }
    return bytes.toString();
  }

  private String send(String request) throws IOException {
    try (Wire wire = Wire.tcp(port)) {
      return wire.send(request).end().receive();
    }
  }
}
