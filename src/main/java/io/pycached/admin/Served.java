package io.pycached.admin;

import java.util.HashMap;
import java.util.Map;

/**
 * An answer on its way out.
 *
 * @param route what to count it under
 * @param answer the answer
 * @param headers fields beside the content type
 * @param sent to be run once it is sent, or cannot be
 */
record Served(String route, Answer answer, Map<String, String> headers, Runnable sent) {
  Served(String route, Answer answer) {
    this(route, answer, Map.of(), () -> {});
  }

  Served with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Served(route, answer, Map.copyOf(more), sent);
  }

  Served then(Runnable sent) {
    return new Served(route, answer, headers, sent);
  }
}
