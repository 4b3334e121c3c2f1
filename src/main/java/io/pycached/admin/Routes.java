package io.pycached.admin;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what a request gets: whether it is allowed, which route it takes, what the service says.
 */
final class Routes {
  /** Bound on the body of a request. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private static final String READS = "GET, HEAD";
  private static final Set<String> WRITE_PARAMETERS =
      Set.of("path", "project", "variant", "dry_run", "full", "confirm");

  private final AdminService service;
  private final FileSystem fileSystem;
  private final WriteGate gate;
  private final StatusPage page;
  private volatile Admins admins;

  Routes(AdminService service, FileSystem fileSystem, WriteGate gate, StatusPage page) {
    this.service = service;
    this.fileSystem = fileSystem;
    this.gate = gate;
    this.page = page;
    this.admins = new Admins(Set.of());
  }

  void admins(Admins admins) {
    this.admins = admins;
  }

  /**
   * {@return the answer to {@code call}}
   *
   * @param hosts what {@code Host} may say; empty: anything
   */
  Served serve(Call call, Set<String> hosts) throws IOException, InterruptedException {
    Optional<Route> found = Route.at(call.path());
    String name = found.map(Route::path).orElse(Route.OTHER);
    boolean loopback = call.peer() instanceof Peer.Loopback;
    if (loopback && !hosts.contains(call.header("host").toLowerCase(Locale.ROOT))) {
      return refuse(name, call, 421, "not a Host that is served here");
    }
    if (call.has("origin")) {
      return refuse(name, call, 403, "requests of web pages are refused");
    }
    if (loopback && !call.isRead()) {
      return refuse(name, call, 405, "only read here; write through the Unix socket")
          .with("Allow", READS);
    }
    if (found.isEmpty() || (loopback && found.get().operation().isPresent())) {
      return refuse(name, call, 404, "no such path");
    }
    Optional<WriteOperation> operation = found.get().operation();
    if (operation.isPresent()) {
      return call.method().equals("POST")
          ? write(name, call, operation.get())
          : refuse(name, call, 405, "only POST").with("Allow", "POST");
    }
    if (!call.isRead()) {
      return refuse(name, call, 405, "only GET").with("Allow", READS);
    }
    return read(found.get(), call);
  }

  private Served read(Route route, Call call) {
    Format format = call.format();
    return switch (route) {
      case PAGE ->
          new Served(route.path(), new Answer(200, "text/html; charset=utf-8", page.html()))
              .with("Content-Security-Policy", page.policy());
      case STATUS -> {
        // Before the body, which may know of a later state but never of an earlier one.
        String state = service.state().label();
        String status = service.status(format);
        Answer answer = format == Format.JSON ? Answer.json(status) : Answer.text(status);
        yield new Served(route.path(), answer).with("X-Pycached-State", state);
      }
      case METRICS -> new Served(route.path(), service.metrics(call.header("accept")));
      case HEALTHZ -> new Served(route.path(), probe(service.alive()));
      case READYZ -> new Served(route.path(), probe(service.ready()));
      case WHY -> why(route.path(), call);
      case RECONCILE, PRUNE, SYNC, PURGE -> throw new IllegalArgumentException(route.path());
    };
  }

  private static Answer probe(Health health) {
    Answer answer = Answer.text(health.line() + "\n");
    return health.ok() ? answer : new Answer(503, answer.contentType(), answer.body());
  }

  private Served why(String name, Call call) {
    try {
      Parameters parameters = new Parameters(Set.of("path"));
      parameters.addQuery(call.query());
      List<Path> paths = parameters.paths("path", fileSystem);
      if (paths.size() != 1) {
        return refuse(name, call, 400, "path: needed once");
      }
      return new Served(name, service.why(paths.get(0), call.format()));
    } catch (BadRequestException bad) {
      return refuse(name, call, 400, bad.line());
    }
  }

  private Served write(String name, Call call, WriteOperation operation)
      throws IOException, InterruptedException {
    if (!call.peer().isOneOf(admins)) {
      return refuse(name, call, 403, "not root, the daemon's user or an admin");
    }
    if (!call.header("x-pycached").equals("1")) {
      return refuse(name, call, 403, "needs the field X-Pycached: 1");
    }
    if (!call.mediaType().equals("application/json")) {
      return refuse(name, call, 415, "needs Content-Type: application/json");
    }
    Optional<byte[]> body = call.body().read(MAX_BODY_BYTES);
    if (body.isEmpty()) {
      return refuse(name, call, 413, "a body of more than " + MAX_BODY_BYTES + " bytes");
    }
    WriteRequest request;
    try {
      request = request(operation, call.query(), body.get());
    } catch (BadRequestException bad) {
      return refuse(name, call, 400, bad.line());
    }
    if (!gate.enter()) {
      return refuse(name, call, 503, "busy with other write requests, or stopping")
          .with("Retry-After", "1");
    }
    boolean answered = false;
    try {
      Served served = new Served(name, service.write(request, call.format())).then(gate::leave);
      answered = true;
      return served;
    } finally {
      if (!answered) {
        gate.leave();
      }
    }
  }

  private WriteRequest request(WriteOperation operation, String query, byte[] body)
      throws BadRequestException {
    Parameters parameters = new Parameters(WRITE_PARAMETERS);
    parameters.addQuery(query);
    parameters.addBody(body);
    return new WriteRequest(
        operation,
        parameters.paths("path", fileSystem),
        parameters.texts("project"),
        parameters.texts("variant"),
        parameters.flag("dry_run"),
        parameters.flag("full"),
        parameters.flag("confirm"));
  }

  private static Served refuse(String name, Call call, int status, String line) {
    return new Served(name, Answer.error(status, line, call.format()));
  }
}
