package io.pycached.admin;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request, as far as the endpoint cares.
 *
 * @param method the HTTP method
 * @param path the path, still percent-encoded
 * @param query the query, still percent-encoded; empty if there is none
 * @param headers the fields, by lower-case name
 * @param peer who sent it
 * @param body the body
 */
record Call(
    String method, String path, String query, Map<String, String> headers, Peer peer, Body body) {
  /** The body, unread. */
  interface Body {
    /** {@return the whole body, or empty if it has more than {@code limit} bytes} */
    Optional<byte[]> read(int limit) throws IOException;
  }

  /** {@return the value of the field {@code name}, in lower case; empty if there is none} */
  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  boolean has(String name) {
    return headers.containsKey(name);
  }

  boolean isRead() {
    return method.equals("GET") || method.equals("HEAD");
  }

  Format format() {
    return Format.of(header("accept"));
  }

  /** {@return the media type of the body, without parameters} */
  String mediaType() {
    String type = header("content-type");
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }
}
