package io.pycached.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.pycached.admin.AdminClient;
import io.pycached.testing.Pycached;
import io.pycached.testing.PycachedDaemon;
import io.pycached.testing.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The endpoint of a real daemon with a small heap, under more connections than it ever has. */
final class AttackIT {
  private static final List<String> SMALL = List.of("env", "PYCACHED_JAVA_OPTS=-Xmx64m");
  private static final int CONNECTIONS = 10_000;
  private static final int UNIX_WAVE = 500;

  /** Few enough for the kernel's queue: what does not fit, it lets try again a second later. */
  private static final int TCP_WAVE = 120;

  /** What a daemon may have open beyond what it has at rest: its connections and a few more. */
  private static final long MORE_DESCRIPTORS = 256 + 64 + 30;

  /** A heap that grew to its bound would show as more. */
  private static final long MORE_RESIDENT_KIB = 40 << 10;

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<String> WORDS =
      List.of(
          "",
          "GET /healthz HT",
          "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n",
          "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n",
          "\u0000\u0000\u0000",
          "POST /v1/prune HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{",
          "GET /healthz HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");

  @TempDir Path directory;

  @Test
  @Timeout(120)
  void connections_tenThousandInWaves_leaveItAsItWas() throws Exception {
    Site site = Site.in(directory);
    site.source("a.py", "a = 1\n");
    site.compile();
    int port = freePort();
    site.configureAll("listen = \"127.0.0.1:" + port + "\"", site.project("shop", site.root()));
    try (PycachedDaemon daemon = site.startDaemon(SMALL).awaitReady()) {
      SocketAddress tcp = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      SocketAddress unix = UnixDomainSocketAddress.of(site.socket());
      Random random = new Random(10);
      // What it needs once for so many connections is no leak.
      wave(tcp, port, random, daemon);
      wave(unix, port, random, daemon);
      awaitHealthy(daemon);
      long descriptors = descriptors(daemon);
      long resident = residentKib(daemon);
      int connections = 0;
      for (int waves = 0; connections < CONNECTIONS; waves++) {
        boolean overTcp = waves % 5 != 0;
        long open = wave(overTcp ? tcp : unix, port, random, daemon);
        assertThat(open).isLessThan(descriptors + MORE_DESCRIPTORS);
        connections += overTcp ? TCP_WAVE : UNIX_WAVE;
        if (!overTcp) {
          awaitHealthy(daemon);
        }
      }
      awaitHealthy(daemon);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(descriptors(daemon)).isLessThanOrEqualTo(descriptors + 5));
      assertThat(residentKib(daemon)).isLessThan(resident + MORE_RESIDENT_KIB);
      assertThat(PycachedDaemon.files(daemon.status(), "fresh")).isEqualTo(1);
      assertThat(answer(tcp, port)).startsWith("HTTP/1.1 200 ");
      assertThat(daemon.log()).doesNotContain("OutOfMemoryError", "Exception");
    }
  }

  @Test
  void write_ofAnotherUser_isRefusedByItsCredentials() throws Exception {
    assumeThat(Files.getAttribute(directory, "unix:uid")).as("needs root").isEqualTo(0);
    assumeThat(Path.of("/usr/bin/setpriv")).as("needs setpriv").exists();
    assumeThat(Path.of("/usr/bin/curl")).as("needs curl").exists();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Site site = Site.in(directory);
    site.source("a.py", "a = 1\n");
    site.compile();
    try (PycachedDaemon daemon = site.daemon()) {
      assertThat(asNobody(site, "prune")).isEqualTo("000");
      Files.setPosixFilePermissions(site.socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
      for (String operation : List.of("reconcile", "prune", "sync", "purge")) {
        assertThat(asNobody(site, operation)).as(operation).isEqualTo("403");
      }
      assertThat(PycachedDaemon.files(daemon.status(), "fresh")).isEqualTo(1);
    }
  }

  /** {@return the status code of a write by another user, 000 where it cannot connect} */
  private static String asNobody(Site site, String operation) throws Exception {
    String me = "setpriv --reuid=65534 --regid=65534 --clear-groups ";
    String client = "curl -s -o /dev/null -w %{http_code} --max-time 20 -d {} ";
    String fields = "-H X-Pycached:1 -H Content-Type:application/json --unix-socket ";
    List<String> command = new ArrayList<>(List.of((me + client + fields).trim().split(" ")));
    command.add(site.socket().toString());
    command.add("http://localhost/v1/" + operation);
    return Pycached.run(command, Pycached.bareEnvironment(), new byte[0]).out();
  }

  /**
   * Opens many connections, says something on most, and leaves them, some of them abruptly.
   *
   * @return how many descriptors the daemon had open meanwhile
   */
  private static long wave(SocketAddress to, int port, Random random, PycachedDaemon daemon)
      throws IOException {
    List<SocketChannel> channels = new ArrayList<>();
    boolean tcp = to instanceof InetSocketAddress;
    try {
      for (int i = 0; i < (tcp ? TCP_WAVE : UNIX_WAVE); i++) {
        SocketChannel channel = connect(to);
        channels.add(channel);
        say(channel, WORDS.get(random.nextInt(WORDS.size())).replace("PORT", "" + port));
        if (tcp && random.nextInt(4) == 0) {
          channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
      }
      if (tcp) {
        assertThat(isHealthy(daemon)).isTrue();
      }
      return descriptors(daemon);
    } finally {
      for (SocketChannel channel : channels) {
        channel.close();
      }
    }
  }

  /** The kernel's queue for a Unix socket is bounded, and a full one is no fault. */
  private static SocketChannel connect(SocketAddress to) {
    try {
      return SocketChannel.open(to);
    } catch (IOException full) {
      return await()
          .pollInterval(Duration.ofMillis(5))
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> SocketChannel.open(to), channel -> true);
    }
  }

  private static void say(SocketChannel channel, String words) {
    try {
      channel.write(ByteBuffer.wrap(words.getBytes(ISO_8859_1)));
    } catch (IOException closed) {
      // It was one too many.
    }
  }

  private static String answer(SocketAddress to, int port) throws IOException {
    try (SocketChannel channel = SocketChannel.open(to)) {
      say(channel, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n");
      ByteBuffer start = ByteBuffer.allocate(64);
      channel.read(start);
      return ISO_8859_1.decode(start.flip()).toString();
    }
  }

  private static void awaitHealthy(PycachedDaemon daemon) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> isHealthy(daemon));
  }

  private static boolean isHealthy(PycachedDaemon daemon) throws IOException {
    return daemon.get("/healthz") instanceof AdminClient.Response response
        && response.status() == 200;
  }

  private static long descriptors(PycachedDaemon daemon) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", "" + daemon.pid(), "fd"))) {
      return open.count();
    }
  }

  private static long residentKib(PycachedDaemon daemon) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc", "" + daemon.pid(), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
