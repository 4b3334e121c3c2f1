package io.pycached.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.admin.AdminClient;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The endpoint of a real daemon, on its socket and over TCP. */
final class AdminIT {
  @TempDir Path directory;
  private Site site;

  @BeforeEach
  void fill() throws Exception {
    site = Site.in(directory);
    site.source("a.py", "a = 1\n");
    site.source("b.py", "b = 1\n");
    site.source("c.py", "c = 1\n");
    site.compile();
    site.source("c.py", "c = 'longer'\n");
  }

  @Test
  void socket_health_isOk() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      for (String target : List.of("/healthz", "/readyz")) {
        assertThat(daemon.get(target))
            .isInstanceOfSatisfying(
                AdminClient.Response.class, answer -> assertThat(answer.status()).isEqualTo(200));
      }
      assertThat(daemon.get("/nowhere"))
          .isInstanceOfSatisfying(
              AdminClient.Response.class, answer -> assertThat(answer.status()).isEqualTo(404));
    }
  }

  /** What is amiss does not matter to a health check. */
  @Test
  void statusCheck_ofADegradedDaemon_mindsOnlyThatItAnswers() throws Exception {
    site.configure(
        site.project("shop", site.root()), site.project("gone", site.top().resolve("x")));
    try (PycachedDaemon daemon = site.daemon()) {
      daemon.awaitStatus(status -> assertThat(PycachedDaemon.problems(status)).isNotEmpty());
      assertThat(statusOf().status()).isEqualTo(1);
      for (String probe : List.of("alive", "ready")) {
        assertThat(statusOf("--check", probe).status()).isZero();
        assertThat(statusOf("--check", probe).out()).isEqualTo("ok\n");
        assertThat(statusOf("--check=" + probe).status()).isZero();
      }
      Pycached.Result other = statusOf("--check", "well");
      assertThat(other.status()).isEqualTo(2);
      assertThat(other.err()).contains("--check: expected alive or ready, found well");
    }
    assertThat(statusOf("--check", "alive").status()).isEqualTo(3);
  }

  private Pycached.Result statusOf(String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("status", "--socket"));
    words.add(site.socket().toString());
    words.addAll(List.of(options));
    return Pycached.with(words.toArray(new String[0])).run();
  }

  @Test
  void socket_metrics_agreeWithTheStatus() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      String metrics = daemon.body("/metrics");
      assertThat(metrics.lines())
          .contains("pycached_ready 1.0")
          .anyMatch(line -> line.matches("pycached_files\\{.*state=\"fresh\".*} 2.0"))
          .anyMatch(line -> line.matches("pycached_files\\{.*state=\"stale\".*} 1.0"));
      assertThat(daemon.files("fresh")).isEqualTo(2);
      assertThat(daemon.files("stale")).isEqualTo(1);
    }
  }

  @Test
  void socket_why_isWhatTheCommandSays() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      String file = site.bytecode("c.py").toString();
      assertThat(daemon.body("/v1/why?path=" + AdminClient.percentEncode(file)))
          .isEqualTo(site.command("why", "-o", "json", file).run().out());
    }
  }

  @Test
  void socket_prune_isForItsOwner() throws Exception {
    try (PycachedDaemon daemon = site.daemon()) {
      AdminClient.Reply reply =
          AdminClient.post(
              site.socket(), "/v1/prune", "application/json", "{}", Duration.ofSeconds(20));
      assertThat(reply)
          .isInstanceOfSatisfying(
              AdminClient.Response.class,
              answer -> {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).contains("\"dry_run\":false");
              });
      assertThat(daemon.files("stale")).isEqualTo(1);
    }
  }

  @Test
  void tcp_reads_areAnsweredAndWritesAreNot() throws Exception {
    int port = freePort();
    site.configureAll("listen = \"127.0.0.1:" + port + "\"", site.project("shop", site.root()));
    HttpClient client = HttpClient.newHttpClient();
    try (PycachedDaemon daemon = site.daemon()) {
      for (String target : List.of("/healthz", "/readyz", "/metrics", "/v1/status", "/")) {
        assertThat(
                client.send(get(port, target), HttpResponse.BodyHandlers.ofString()).statusCode())
            .as(target)
            .isEqualTo(200);
      }
      HttpRequest write =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/prune"))
              .header("X-Pycached", "1")
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      assertThat(client.send(write, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isBetween(400, 499);
      HttpRequest foreign =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/status"))
              .header("Origin", "http://evil.example")
              .build();
      assertThat(client.send(foreign, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(403);
      assertThat(rebound(port)).startsWith("HTTP/1.1 4");
      assertThat(daemon.files("fresh")).isEqualTo(2);
    }
  }

  private static HttpRequest get(int port, String target) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target)).build();
  }

  /** {@return the status line for a name that somebody has made to mean this machine} */
  private static String rebound(int port) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              "GET /v1/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
