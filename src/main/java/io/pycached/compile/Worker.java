package io.pycached.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * A process that compiles one source after another. The frames are described in its script, {@code
 * worker.py}. Belongs to one thread at a time; any may {@link Child#kill} its child.
 */
final class Worker {
  private static final String PROTOCOL = "pycached-worker/1";
  private static final int MAX_STATUS = 2;
  private static final int REFUSED = 1;
  private static final int SPENT = 2;

  /** An answer up to this long is read in one piece; a longer one could be a lie. */
  private static final int TRUSTED_BYTES = 1 << 20;

  /** How much longer than we do, in seconds, the worker waits before it ends itself. */
  private static final long GRACE_SECONDS = 30;

  private final Interpreter interpreter;
  private final Child child;
  private final Limits limits;
  private final Conversation conversation;
  private final DataOutputStream requests;
  private final DataInputStream replies;
  private int served;
  private boolean spent;

  /**
   * An answer.
   *
   * @param refused whether it is a message rather than a code object
   */
  @SuppressWarnings("ArrayRecordComponent") // The bytes are carried; nobody compares replies.
  record Reply(boolean refused, byte[] bytes) {}

  Worker(Interpreter interpreter, Child child, Limits limits, Watchdog watchdog) {
    this.interpreter = interpreter;
    this.child = child;
    this.limits = limits;
    this.conversation = new Conversation(child, watchdog);
    this.requests = new DataOutputStream(new BufferedOutputStream(child.input(), 1 << 16));
    this.replies = new DataInputStream(child.output());
  }

  /** {@return the arguments with which an interpreter becomes a worker} */
  static List<String> arguments(Limits limits) {
    return List.of(
        "-I",
        "-S",
        "-B",
        "-X",
        "utf8",
        "-c",
        Script.WORKER.text(),
        Long.toString(limits.memoryBytes()),
        Long.toString(limits.file().toSeconds() + GRACE_SECONDS),
        Integer.toString(limits.codeBytes()));
  }

  Interpreter interpreter() {
    return interpreter;
  }

  Child child() {
    return child;
  }

  /** {@return whether it has compiled nothing yet} */
  boolean isFresh() {
    return served == 0;
  }

  /** {@return whether it may be given another source} */
  boolean isUsable() {
    return !spent && served < limits.filesPerWorker() && child.isAlive();
  }

  /** {@return whether its last source took all its memory} */
  boolean isSpent() {
    return spent;
  }

  /**
   * Waits until it has said who it is.
   *
   * @throws ChangedException if it is not who it was when it was probed
   */
  void greet() throws IOException, TimeoutException, InterruptedException {
    Reply greeting = hold(this::reply, limits.start());
    String[] who = new String(greeting.bytes(), UTF_8).split("\0", -1);
    if (who.length != 4 || !who[0].equals(PROTOCOL)) {
      throw new ProtocolException("began with " + Shown.bytes(greeting.bytes()));
    }
    String expected = identity(interpreter.cacheTag().name(), hex(), interpreter.version());
    String found = identity(who[1], who[2], who[3]);
    if (!found.equals(expected)) {
      throw new ChangedException("is " + Shown.line(found) + ", expected " + expected);
    }
  }

  private String hex() {
    int magic = interpreter.magic();
    return String.format("%02x%02x0d0a", magic & 0xff, magic >> 8);
  }

  private static String identity(String tag, String magic, String version) {
    return tag + " " + version + " with magic " + magic;
  }

  /** An executable that has become another interpreter since it was probed. */
  static final class ChangedException extends IOException {
    private static final long serialVersionUID = 1L;

    ChangedException(String message) {
      super(message);
    }
  }

  /**
   * {@return what became of a source}
   *
   * @throws TimeoutException if it took too long; the child is ended
   * @throws ProtocolException if the answer is none
   * @throws IOException if the child has ended
   */
  Reply compile(int optimize, byte[] filename, byte[] source)
      throws IOException, TimeoutException, InterruptedException {
    Reply reply =
        hold(
            () -> {
              requests.writeInt(source.length);
              requests.writeInt(filename.length);
              requests.writeByte(optimize);
              requests.write(filename);
              requests.write(source);
              requests.flush();
              return reply();
            },
            limits.file());
    served++;
    return reply;
  }

  private <T> T hold(Conversation.Exchange<T> exchange, Duration limit)
      throws IOException, TimeoutException, InterruptedException {
    return conversation.hold(exchange, limit);
  }

  private Reply reply() throws IOException {
    int status = replies.readUnsignedByte();
    int length = replies.readInt();
    if (status > MAX_STATUS) {
      throw new ProtocolException("answered with status " + status);
    }
    if (length < 0 || length > limits.codeBytes()) {
      throw new ProtocolException(
          "answered with "
              + Integer.toUnsignedLong(length)
              + " bytes, more than "
              + limits.codeBytes());
    }
    spent = status == SPENT;
    return new Reply(status >= REFUSED, body(length));
  }

  private byte[] body(int length) throws IOException {
    if (length > TRUSTED_BYTES) {
      byte[] body = replies.readNBytes(length);
      if (body.length < length) {
        throw new EOFException();
      }
      return body;
    }
    byte[] body = new byte[length];
    replies.readFully(body);
    return body;
  }
}
