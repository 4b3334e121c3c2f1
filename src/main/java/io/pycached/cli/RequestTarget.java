package io.pycached.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pycached.admin.AdminClient;
import io.pycached.layout.RawPath;
import java.nio.file.Path;
import java.util.List;

/** The target of a write request to the admin endpoint, with its parameters. */
final class RequestTarget {
  private final StringBuilder target;
  private char separator = '?';

  RequestTarget(String operation) {
    this.target = new StringBuilder("/v1/").append(operation);
  }

  RequestTarget with(String name, List<Path> paths) {
    paths.forEach(path -> add(name, RawPath.of(path)));
    return this;
  }

  RequestTarget withNames(String name, List<String> values) {
    values.forEach(value -> add(name, new String(value.getBytes(UTF_8), ISO_8859_1)));
    return this;
  }

  RequestTarget with(String name, boolean flag) {
    if (flag) {
      add(name, "true");
    }
    return this;
  }

  private void add(String name, String raw) {
    target.append(separator).append(name).append('=').append(AdminClient.percentEncode(raw));
    separator = '&';
  }

  @Override
  public String toString() {
    return target.toString();
  }
}
