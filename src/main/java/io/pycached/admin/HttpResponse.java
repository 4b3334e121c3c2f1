package io.pycached.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.ProtocolException;

/**
 * Reads one HTTP/1.1 response out of all the bytes of a connection that was closed after it (RFC
 * 9112).
 */
final class HttpResponse {
  private final byte[] bytes;
  private int at;

  private String contentType = "";
  private String state = "";
  private int length = -1;
  private boolean chunked;

  private HttpResponse(byte[] bytes) {
    this.bytes = bytes;
  }

  static AdminClient.Response parse(byte[] bytes) throws ProtocolException {
    return new HttpResponse(bytes).parse();
  }

  private AdminClient.Response parse() throws ProtocolException {
    if (bytes.length == 0) {
      throw new ProtocolException("the connection was closed without an answer");
    }
    int status = statusLine(line());
    while (status < 200) {
      // 100 Continue and the like: another head follows.
      fields();
      status = statusLine(line());
    }
    fields();
    return new AdminClient.Response(status, contentType, state, body());
  }

  private static int statusLine(String line) throws ProtocolException {
    // HTTP/1.1 200 OK
    if (line.length() < 12 || !line.startsWith("HTTP/1.") || line.charAt(8) != ' ') {
      throw new ProtocolException("what answers does not speak HTTP/1.1");
    }
    int status = number(line.substring(9, 12), 10);
    if (status < 100) {
      throw new ProtocolException("no HTTP status: ".concat(line.substring(9, 12)));
    }
    return status;
  }

  private void fields() throws ProtocolException {
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new ProtocolException("not a field of HTTP: ".concat(line));
      }
      String name = line.substring(0, colon);
      String value = line.substring(colon + 1).strip();
      if (name.equalsIgnoreCase("Content-Type")) {
        contentType = value;
      } else if (name.equalsIgnoreCase("X-Pycached-State")) {
        state = value;
      } else if (name.equalsIgnoreCase("Content-Length")) {
        length = number(value, 10);
      } else if (name.equalsIgnoreCase("Transfer-Encoding")) {
        chunked = value.equalsIgnoreCase("chunked");
        if (!chunked) {
          throw new ProtocolException("unknown transfer encoding: ".concat(value));
        }
      }
    }
  }

  private String body() throws ProtocolException {
    if (chunked) {
      return chunks();
    }
    if (length < 0) {
      return new String(bytes, at, bytes.length - at, UTF_8);
    }
    require(length);
    return new String(bytes, at, length, UTF_8);
  }

  /** Moves the chunks together, in place: what they hold is shorter than they are. */
  private String chunks() throws ProtocolException {
    int start = at;
    int end = at;
    while (true) {
      String size = line();
      int extension = size.indexOf(';');
      int chunk = number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
      if (chunk == 0) {
        return new String(bytes, start, end - start, UTF_8);
      }
      require(chunk);
      System.arraycopy(bytes, at, bytes, end, chunk);
      at += chunk;
      end += chunk;
      if (!line().isEmpty()) {
        throw new ProtocolException("a chunk is longer than its size");
      }
    }
  }

  private void require(int count) throws ProtocolException {
    if (count > bytes.length - at) {
      throw new ProtocolException("the answer ends early");
    }
  }

  private String line() throws ProtocolException {
    int start = at;
    for (int i = at; i + 1 < bytes.length; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        at = i + 2;
        return new String(bytes, start, i - start, ISO_8859_1);
      }
    }
    throw new ProtocolException(
        start == 0 ? "what answers does not speak HTTP/1.1" : "the answer ends early");
  }

  private static int number(String digits, int radix) throws ProtocolException {
    int number = digits.isEmpty() ? -1 : 0;
    for (int i = 0; i < digits.length() && number >= 0; i++) {
      int digit = Character.digit(digits.charAt(i), radix);
      // Answers are bounded far below; more would overflow.
      number = digit < 0 || number > 0x7ff_ffff ? -1 : number * radix + digit;
    }
    if (number < 0) {
      throw new ProtocolException("not a number: ".concat(digits));
    }
    return number;
  }
}
