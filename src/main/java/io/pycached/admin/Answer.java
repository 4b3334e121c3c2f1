package io.pycached.admin;

import com.google.gson.JsonPrimitive;

/**
 * What the endpoint answers to one request.
 *
 * @param status the HTTP status code
 * @param contentType the media type of {@code body}; the body is sent as UTF-8
 * @param body the whole body
 */
public record Answer(int status, String contentType, String body) {
  /** The status of {@link #partly}: the body says what was done and what failed. */
  public static final int PARTLY = 207;

  /** Rejects a status code that HTTP does not have. */
  public Answer {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("not a final HTTP status: " + status);
    }
  }

  /** {@return {@code body} as JSON, with status 200} */
  public static Answer json(String body) {
    return new Answer(200, "application/json", body);
  }

  /** {@return {@code body} as plain text, with status 200} */
  public static Answer text(String body) {
    return new Answer(200, "text/plain; charset=utf-8", body);
  }

  /** {@return the same with the status for work of which some failed, 207 (RFC 4918, 11.1)} */
  public Answer partly() {
    return new Answer(PARTLY, contentType, body);
  }

  /** {@return an answer that says in one {@code line}, in the client's format, what is wrong} */
  public static Answer error(int status, String line, Format format) {
    return switch (format) {
      case JSON -> new Answer(status, "application/json", errorJson(line));
      case TEXT -> new Answer(status, "text/plain; charset=utf-8", line + "\n");
    };
  }

  private static String errorJson(String line) {
    return "{\"schema\":1,\"error\":" + new JsonPrimitive(line) + "}\n";
  }
}
