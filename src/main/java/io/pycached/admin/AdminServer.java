package io.pycached.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileSystem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * The listening admin endpoint, from {@link #start} to {@link #close}.
 *
 * <p>Jetty logs its own comings and goings at INFO, under {@code org.eclipse.jetty}.
 */
public final class AdminServer implements AutoCloseable {
  /** Bound on connections to the Unix socket; more are closed at once. */
  static final int MAX_SOCKET_CONNECTIONS = 256;

  /** Bound on connections over TCP, which any user can open. */
  static final int MAX_TCP_CONNECTIONS = 64;

  /** Bound on connections that wait to be accepted; the JDK's 50 is few for a burst of commands. */
  private static final int BACKLOG = 128;

  /** Bound on the request line and the fields of a request. */
  static final int MAX_HEADER_BYTES = 8 * 1024;

  /** One accepts, two select, two write at most, and the rest read. */
  private static final int THREADS = 9;

  /** How long writes may still run once the server closes. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

  private final Server server;
  private final SocketFile file;
  private final FileSystem fileSystem;
  private final Routes routes;
  private final WriteGate gate;
  private final Optional<Integer> tcpPort;
  private final AtomicBoolean closed = new AtomicBoolean();

  private AdminServer(
      Server server,
      SocketFile file,
      FileSystem fileSystem,
      Routes routes,
      WriteGate gate,
      Optional<Integer> tcpPort) {
    this.server = server;
    this.file = file;
    this.fileSystem = fileSystem;
    this.routes = routes;
    this.gate = gate;
    this.tcpPort = tcpPort;
  }

  /**
   * Listens where {@code endpoint} says, and answers from {@code service} at once.
   *
   * <p>The file of a socket that nobody listens on is replaced; its directory is created, with mode
   * 0750, if only that is missing.
   *
   * @throws java.net.BindException if another process listens there, the path is too long or the
   *     address is not a loopback address
   * @throws java.nio.file.FileAlreadyExistsException if something that is no socket is in the way
   * @throws java.nio.file.attribute.UserPrincipalNotFoundException if an admin is no user
   */
  public static AdminServer start(
      AdminEndpoint endpoint, AdminService service, RequestListener listener) throws IOException {
    return start(endpoint, service, listener, IDLE_TIMEOUT);
  }

  /**
   * Refuses a socket that {@link #start} would refuse, before anything is begun that serves it.
   *
   * @throws IOException if somebody listens there, or what is there is no socket
   */
  public static void requireFree(AdminEndpoint endpoint) throws IOException {
    if (!endpoint.inherited()) {
      SocketFile.requireFree(endpoint.socket());
    }
  }

  static AdminServer start(
      AdminEndpoint endpoint, AdminService service, RequestListener listener, Duration idleTimeout)
      throws IOException {
    if (endpoint.listen().isPresent()) {
      LoopbackHosts.requireLoopback(endpoint.listen().get());
    }
    FileSystem fileSystem = endpoint.socket().getFileSystem();
    WriteGate gate = new WriteGate();
    Routes routes = new Routes(service, fileSystem, gate, StatusPage.load());
    SocketFile file =
        endpoint.inherited()
            ? SocketFile.inherited(endpoint.socket())
            : SocketFile.claim(endpoint.socket());
    Server server = server();
    try {
      routes.admins(Admins.of(fileSystem, file.owner(), endpoint.admins()));
      Set<String> hosts = Set.of();
      Optional<Integer> tcpPort = Optional.empty();
      server.addConnector(unixConnector(server, file, idleTimeout));
      if (endpoint.listen().isPresent()) {
        ServerConnector tcp = tcpConnector(server, endpoint.listen().get(), idleTimeout);
        server.addConnector(tcp);
        tcp.open();
        tcpPort = Optional.of(tcp.getLocalPort());
        hosts = LoopbackHosts.hosts(endpoint.listen().get(), tcp.getLocalPort());
      }
      AdminHandler handler = new AdminHandler(routes, hosts, listener);
      server.setHandler(handler);
      server.setErrorHandler(handler::handleError);
      server.start();
      file.publish();
      return new AdminServer(server, file, fileSystem, routes, gate, tcpPort);
    } catch (Exception e) {
      try {
        file.remove();
        server.stop();
      } catch (Exception suppressed) {
        e.addSuppressed(suppressed);
      }
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw asIOException(endpoint.socket() + ": cannot listen", e);
    }
  }

  /** {@return the port of the loopback address; empty if there is none} */
  public Optional<Integer> tcpPort() {
    return tcpPort;
  }

  /**
   * Replaces the users, beside root and the daemon's own, that may write.
   *
   * @throws java.nio.file.attribute.UserPrincipalNotFoundException if one is no user; those before
   *     stay in force
   */
  public void admins(List<String> names) throws IOException {
    routes.admins(Admins.of(fileSystem, file.owner(), names));
  }

  /**
   * Removes the socket's file, lets running writes end for up to a second, interrupts what still
   * runs, and closes every connection.
   *
   * <p>A socket that was inherited stays open until the process ends: whoever closes it has the JDK
   * put standard output and error, where the log goes, to {@code /dev/null} with it.
   */
  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    gate.close();
    Optional<Exception> failure = Optional.empty();
    try {
      file.remove();
    } catch (IOException e) {
      failure = Optional.of(e);
    }
    try {
      gate.awaitEmpty(GRACE);
    } catch (InterruptedException e) {
      // Whoever closes is in a hurry: no more grace.
      Thread.currentThread().interrupt();
    }
    if (file.isInherited()) {
      return;
    }
    try {
      server.stop();
    } catch (Exception e) {
      failure.ifPresent(e::addSuppressed);
      failure = Optional.of(e);
    }
    if (failure.isPresent()) {
      throw asIOException("the admin endpoint did not close", failure.get());
    }
  }

  private static Server server() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
    threads.setName("admin");
    threads.setDaemon(true);
    threads.setReservedThreads(0);
    threads.setStopTimeout(GRACE.toMillis());
    return new Server(threads, new ScheduledExecutorScheduler("admin-timeouts", true), null);
  }

  private static AbstractConnector unixConnector(
      Server server, SocketFile file, Duration idleTimeout) {
    UnixDomainServerConnector connector =
        new UnixDomainServerConnector(server, null, null, null, acceptors(file), 1, http());
    // When it stops, Jetty deletes this path: the staged one, which is gone by then.
    connector.setUnixDomainPath(file.staged());
    connector.setInheritChannel(file.isInherited());
    connector.setAcceptQueueSize(BACKLOG);
    return bounded(connector, MAX_SOCKET_CONNECTIONS, idleTimeout);
  }

  /**
   * Whether a socket blocks is a matter of all who have it, and for each command of the unit, such
   * as that of a reload, systemd has an inherited one block: it gets a thread that may. Others are
   * accepted from by the selector.
   */
  private static int acceptors(SocketFile file) {
    return file.isInherited() ? 1 : 0;
  }

  private static ServerConnector tcpConnector(
      Server server, InetSocketAddress address, Duration idleTimeout) {
    ServerConnector connector = new ServerConnector(server, 0, 1, http());
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    connector.setAcceptQueueSize(BACKLOG);
    return bounded(connector, MAX_TCP_CONNECTIONS, idleTimeout);
  }

  private static <C extends AbstractConnector> C bounded(
      C connector, int connections, Duration idleTimeout) {
    connector.setIdleTimeout(idleTimeout.toMillis());
    connector.addBean(new ConnectionBound(connections));
    connector.addBean(new SlowConnections(connector.getScheduler(), idleTimeout));
    return connector;
  }

  private static HttpConnectionFactory http() {
    HttpConfiguration http = new HttpConfiguration();
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    http.setSendServerVersion(false);
    return new HttpConnectionFactory(http);
  }

  private static IOException asIOException(String what, Exception e) {
    return e instanceof IOException io ? io : new IOException(what, e);
  }
}
