package io.pycached.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void get_noSocketFile_isNoDaemon() throws Exception {
    Path socket = directory.resolve("missing.sock");
    assertThat(AdminClient.get(socket, "/", "*/*", PATIENCE))
        .isEqualTo(new AdminClient.NoDaemon(socket + ": No such file or directory"));
  }

  @Test
  void get_socketThatNobodyListensOn_isNoDaemon() throws Exception {
    Path socket = directory.resolve("admin.sock");
    listen(socket).close();
    assertThat(AdminClient.get(socket, "/", "*/*", PATIENCE))
        .isEqualTo(new AdminClient.NoDaemon(socket + ": Connection refused"));
  }

  @Test
  void get_regularFile_isNoDaemon() throws Exception {
    Path socket = Files.writeString(directory.resolve("admin.sock"), "x");
    assertThat(AdminClient.get(socket, "/", "*/*", PATIENCE))
        .isInstanceOf(AdminClient.NoDaemon.class);
  }

  @Test
  void get_tooLongPath_isNoDaemon() throws Exception {
    assertThat(AdminClient.get(directory.resolve("x".repeat(120)), "/", "*/*", PATIENCE))
        .isInstanceOf(AdminClient.NoDaemon.class);
  }

  @Test
  void get_contentLength_isTheBody() throws Exception {
    assertThat(
            answer(
                lines(
                    "HTTP/1.1 200 OK",
                    "content-type:text/plain",
                    "X-Pycached-State: ready",
                    "Content-Length: 4",
                    "",
                    "d\u00c3\u00a9jmore")))
        .isEqualTo(new AdminClient.Response(200, "text/plain", "ready", "d\u00e9j"));
  }

  @Test
  void get_chunks_areJoined() throws Exception {
    assertThat(
            answer(
                lines(
                    "HTTP/1.1 404 Not Found",
                    "Transfer-Encoding: chunked",
                    "",
                    "3",
                    "abc",
                    "A;x=y",
                    "0123456789",
                    "0",
                    "",
                    "")))
        .isEqualTo(new AdminClient.Response(404, "", "", "abc0123456789"));
  }

  @Test
  void get_neitherLengthNorChunks_readsToTheEnd() throws Exception {
    assertThat(answer("HTTP/1.0 200 OK\r\n\r\nall of it"))
        .isEqualTo(new AdminClient.Response(200, "", "", "all of it"));
  }

  @Test
  void get_interimResponse_isSkipped() throws Exception {
    assertThat(
            answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
        .isEqualTo(new AdminClient.Response(200, "", "", "ok"));
  }

  @Test
  void get_largeAnswer_isWhole() throws Exception {
    String body = "0123456789abcdef".repeat(20_000);
    assertThat(answer("HTTP/1.1 200 OK\r\nContent-Length: 320000\r\n\r\n" + body))
        .isEqualTo(new AdminClient.Response(200, "", "", body));
  }

  @Test
  void post_answeredBeforeTheBodyIsRead_isTheAnswer() throws Exception {
    Path socket = directory.resolve("admin.sock");
    try (ServerSocketChannel server = listen(socket)) {
      String refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno\n";
      new Thread(() -> say(server, refusal), "refusal").start();
      assertThat(AdminClient.post(socket, "/v1/sync", "*/*", " ".repeat(4_000_000), PATIENCE))
          .isEqualTo(new AdminClient.Response(413, "", "", "no\n"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\r\n",
        "hello",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 000 Zero\r\n\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfour\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nfour\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\nfour\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n",
      })
  void get_garbage_isAProtocolException(String garbage) {
    assertThatThrownBy(() -> answer(garbage)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void get_silentServer_timesOut() throws Exception {
    Path socket = directory.resolve("admin.sock");
    try (ServerSocketChannel silent = listen(socket)) {
      assertThatThrownBy(() -> AdminClient.get(socket, "/", "*/*", Duration.ofMillis(50)))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(silent.isOpen()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a b", "/\r\nX: y", "/\u00e9"})
  void get_targetThatWouldSplitTheRequest_isRefused(String target) {
    assertThatThrownBy(
            () -> AdminClient.get(directory.resolve("admin.sock"), target, "*/*", PATIENCE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void percentEncode_anyByte_isPlainAscii() {
    assertThat(AdminClient.percentEncode("/a b/c++/100%&=\u00ff.~_-"))
        .isEqualTo("/a%20b/c%2B%2B/100%25%26%3D%FF.~_-");
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines);
  }

  /** What the client makes of a server that says {@code bytes} and closes. */
  private AdminClient.Reply answer(String bytes) throws IOException {
    Path socket = directory.resolve("admin.sock");
    try (ServerSocketChannel server = listen(socket)) {
      Thread thread = new Thread(() -> say(server, bytes), "garbage");
      thread.start();
      return AdminClient.get(socket, "/v1/status", "text/plain", PATIENCE);
    }
  }

  private static void say(ServerSocketChannel server, String bytes) {
    try (SocketChannel channel = server.accept()) {
      // The request, which fits: what is unread when a socket closes would reset it.
      channel.read(ByteBuffer.allocate(4096));
      ByteBuffer out = ByteBuffer.wrap(bytes.getBytes(ISO_8859_1));
      while (out.hasRemaining()) {
        channel.write(out);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ServerSocketChannel listen(Path socket) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket));
  }
}
