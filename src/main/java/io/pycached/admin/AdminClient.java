package io.pycached.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * Asks the daemon, over its Unix socket: one request, one connection.
 *
 * <p>Made for commands that live as long as one answer. It touches few classes of the JDK, and none
 * of Jetty, {@code java.net.http}, regular expressions, streams or lambdas: each of those costs
 * more than the request.
 */
public final class AdminClient {
  /** A socket that is not there may be there before one has looked: a daemon starts. */
  private static final int ATTEMPTS = 3;

  /** Bound on an answer, its head included; a power of two times the first buffer. */
  private static final int MAX_ANSWER_BYTES = 64 * 1024 * 1024;

  private static final int READ_BYTES = 16 * 1024;

  private AdminClient() {}

  /** What came of a request. */
  public sealed interface Reply {}

  /**
   * What a daemon answered.
   *
   * @param status the HTTP status code
   * @param contentType the media type of {@code body}; empty if the daemon did not say
   * @param state the daemon's state, as in {@link State#label}; empty but for status requests
   * @param body the whole body, which is UTF-8
   */
  public record Response(int status, String contentType, String state, String body)
      implements Reply {}

  /**
   * No daemon listens.
   *
   * @param line why, on one line
   */
  public record NoDaemon(String line) implements Reply {}

  /**
   * The kernel did not let this user connect.
   *
   * @param line why, on one line
   */
  public record Denied(String line) implements Reply {}

  /**
   * {@return what the daemon says to a GET}
   *
   * @param socket the file of the daemon's socket
   * @param target path and query, percent-encoded
   * @param accept the media type wanted
   * @param patience how long the daemon may be silent
   * @throws SocketTimeoutException if it was silent for longer
   * @throws ProtocolException if what answers does not speak HTTP, or ends in mid-answer
   */
  public static Reply get(Path socket, String target, String accept, Duration patience)
      throws IOException {
    StringBuilder head = head("GET", target, accept);
    head.append("\r\n");
    return exchange(socket, head, new byte[0], patience);
  }

  /**
   * {@return what the daemon says to a POST}
   *
   * @param json the body, a JSON object; empty: no parameters
   * @see #get
   */
  public static Reply post(
      Path socket, String target, String accept, String json, Duration patience)
      throws IOException {
    byte[] body = json.getBytes(UTF_8);
    StringBuilder head = head("POST", target, accept);
    head.append("X-Pycached: 1\r\nContent-Type: application/json\r\nContent-Length: ");
    head.append(body.length).append("\r\n\r\n");
    return exchange(socket, head, body, patience);
  }

  /** {@return {@code raw}, one character a byte, as it may stand in a query (RFC 3986, 2.3)} */
  public static String percentEncode(String raw) {
    String hex = "0123456789ABCDEF";
    StringBuilder encoded = new StringBuilder(raw.length() + 16);
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || c == '/'
          || c == '-'
          || c == '.'
          || c == '_'
          || c == '~') {
        encoded.append(c);
      } else {
        encoded.append('%').append(hex.charAt((c >> 4) & 0xf)).append(hex.charAt(c & 0xf));
      }
    }
    return encoded.toString();
  }

  private static StringBuilder head(String method, String target, String accept) {
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) <= ' ' || target.charAt(i) >= 0x7f) {
        throw new IllegalArgumentException("not percent-encoded: ".concat(target));
      }
    }
    return new StringBuilder(256)
        .append(method)
        .append(' ')
        .append(target)
        .append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: ")
        .append(accept)
        .append("\r\n");
  }

  private static Reply exchange(Path socket, StringBuilder head, byte[] body, Duration patience)
      throws IOException {
    byte[] headBytes = head.toString().getBytes(ISO_8859_1);
    ByteBuffer request = ByteBuffer.allocate(headBytes.length + body.length);
    return exchange(socket, request.put(headBytes).put(body).flip(), patience, ATTEMPTS);
  }

  private static Reply exchange(Path socket, ByteBuffer request, Duration patience, int attempts)
      throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // Only a channel that does not block can be given up.
      channel.configureBlocking(false);
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
      } catch (ConnectException refused) {
        return new NoDaemon(line(socket, refused));
      } catch (BindException denied) {
        // The JDK's name for EACCES and EPERM as well.
        return new Denied(line(socket, denied));
      } catch (SocketException failed) {
        if (Files.notExists(socket)) {
          return new NoDaemon(line(socket, failed));
        }
        if (attempts > 1) {
          return exchange(socket, request, patience, attempts - 1);
        }
        throw new IOException(line(socket, failed), failed);
      }
      try (Selector selector = Selector.open()) {
        SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
        send(channel, request, selector, patience);
        key.interestOps(SelectionKey.OP_READ);
        return HttpResponse.parse(receive(channel, selector, patience));
      }
    }
  }

  private static void send(
      SocketChannel channel, ByteBuffer request, Selector selector, Duration patience)
      throws IOException {
    while (request.hasRemaining()) {
      try {
        if (channel.write(request) > 0) {
          continue;
        }
      } catch (IOException closed) {
        // Who refuses a request early says why before closing: read that.
        return;
      }
      await(selector, patience);
    }
  }

  private static byte[] receive(SocketChannel channel, Selector selector, Duration patience)
      throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(READ_BYTES);
    while (true) {
      int read;
      try {
        read = channel.read(answer);
      } catch (IOException reset) {
        // What comes after an answer to a request that was not read whole.
        read = -1;
      }
      if (read < 0) {
        return Arrays.copyOf(answer.array(), answer.position());
      }
      if (read == 0) {
        await(selector, patience);
      } else if (!answer.hasRemaining()) {
        if (answer.capacity() >= MAX_ANSWER_BYTES) {
          throw new ProtocolException("the answer has more than 64 MiB");
        }
        answer = ByteBuffer.allocate(2 * answer.capacity()).put(answer.flip());
      }
    }
  }

  private static void await(Selector selector, Duration patience) throws IOException {
    if (selector.select(Math.max(1, patience.toMillis())) == 0) {
      throw new SocketTimeoutException("the daemon did not answer in time");
    }
    selector.selectedKeys().clear();
  }

  private static String line(Path socket, IOException e) {
    // Without "+", whose bootstrap at run time costs more than the request.
    return socket.toString().concat(": ").concat(String.valueOf(e.getMessage()));
  }
}
