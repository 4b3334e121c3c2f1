package io.pycached.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns Jetty's requests into calls, and answers into Jetty's responses. */
final class AdminHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

  private final Routes routes;
  private final Set<String> hosts;
  private final RequestListener listener;

  AdminHandler(Routes routes, Set<String> hosts, RequestListener listener) {
    this.routes = routes;
    this.hosts = hosts;
    this.listener = listener;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Call call = call(request);
    send(request, response, callback, serve(call));
    return true;
  }

  private Served serve(Call call) throws IOException {
    try {
      return routes.serve(call, hosts);
    } catch (InterruptedException closing) {
      return failed(call, 503, "stopping");
    } catch (RuntimeException bug) {
      LOG.error("{} {} failed", call.method(), call.path(), bug);
      return failed(call, 500, "internal error; the log has it");
    }
  }

  private static Served failed(Call call, int status, String line) {
    String route = Route.at(call.path()).map(Route::path).orElse(Route.OTHER);
    return new Served(route, Answer.error(status, line, call.format()));
  }

  /** Answers what Jetty itself refuses: malformed requests, too long headers. */
  boolean handleError(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    String accept = request.getHeaders().get(HttpHeader.ACCEPT);
    Format format = Format.of(accept == null ? "" : accept);
    String line = HttpStatus.getMessage(status).toLowerCase(Locale.ROOT);
    send(request, response, callback, new Served(Route.OTHER, Answer.error(status, line, format)));
    return true;
  }

  private void send(Request request, Response response, Callback callback, Served served) {
    Answer answer = served.answer();
    byte[] body = answer.body().getBytes(UTF_8);
    HttpFields.Mutable fields = response.getHeaders();
    fields.put(HttpHeader.CONTENT_TYPE, answer.contentType());
    fields.put(HttpHeader.CONTENT_LENGTH, body.length);
    fields.put(HttpHeader.CACHE_CONTROL, "no-store");
    fields.put("X-Content-Type-Options", "nosniff");
    fields.put("Cross-Origin-Resource-Policy", "same-origin");
    fields.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    served.headers().forEach(fields::put);
    response.setStatus(answer.status());
    response.write(
        true, ByteBuffer.wrap(body), Callback.from(callback, () -> sent(request, served)));
  }

  private void sent(Request request, Served served) {
    served.sent().run();
    listener.answered(
        served.route(), served.answer().status(), System.nanoTime() - request.getBeginNanoTime());
  }

  private static Call call(Request request) {
    Map<String, String> headers = new HashMap<>();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue() == null ? "" : field.getValue();
      headers.merge(field.getLowerCaseName(), value, (one, more) -> one + "," + more);
    }
    String query = request.getHttpURI().getQuery();
    String path = request.getHttpURI().getPath();
    return new Call(
        request.getMethod(),
        path == null ? "" : path,
        query == null ? "" : query,
        headers,
        peer(request.getConnectionMetaData()),
        limit -> body(request, limit));
  }

  private static Peer peer(ConnectionMetaData connection) {
    if (connection.getConnector() instanceof UnixDomainServerConnector
        && connection.getConnection().getEndPoint().getTransport()
            instanceof SocketChannel channel) {
      return new Peer.Local(channel);
    }
    return new Peer.Loopback();
  }

  private static Optional<byte[]> body(Request request, int limit) throws IOException {
    if (request.getLength() > limit) {
      return Optional.empty();
    }
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] body = in.readNBytes(limit + 1);
      return body.length > limit ? Optional.empty() : Optional.of(body);
    }
  }
}
