package io.pycached.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** One connection, byte by byte: what a client can send that no client should. */
final class Wire implements AutoCloseable {
  private final SocketChannel channel;

  private Wire(SocketAddress address) throws IOException {
    this.channel = SocketChannel.open(address);
  }

  static Wire unix(Path socket) throws IOException {
    return new Wire(UnixDomainSocketAddress.of(socket));
  }

  static Wire tcp(int port) throws IOException {
    return new Wire(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** Sends; what the other end no longer takes is lost. */
  Wire send(String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException closed) {
      // It may have answered before it closed.
    }
    return this;
  }

  /** Sends no more. */
  Wire end() {
    try {
      channel.shutdownOutput();
    } catch (IOException closed) {
      // The other end was first.
    }
    return this;
  }

  /** {@return all that comes until the other end closes} */
  String receive() throws IOException {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    ByteBuffer bytes = ByteBuffer.allocate(4096);
    try {
      while (channel.read(bytes.clear()) >= 0) {
        received.write(bytes.array(), 0, bytes.position());
      }
    } catch (IOException reset) {
      // As good as closed.
    }
    return received.toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** {@return the status code of {@code response}} */
  static int status(String response) {
    if (!response.startsWith("HTTP/1.1 ")) {
      throw new AssertionError("no response: " + response);
    }
    return Integer.parseInt(response.substring(9, 12));
  }
}
