package io.pycached.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page for a browser: one file that fetches {@code /v1/status} and nothing else.
 *
 * @param html the page
 * @param policy its Content-Security-Policy, which admits the page's own style and script by their
 *     digests (CSP Level 3, 2.3.1) and nothing else but a fetch from here
 */
record StatusPage(String html, String policy) {
  private static final String RESOURCE = "status.html";

  static StatusPage load() throws IOException {
    try (InputStream in = StatusPage.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new FileNotFoundException(RESOURCE + ": not in the jar");
      }
      return of(new String(in.readAllBytes(), UTF_8));
    }
  }

  static StatusPage of(String html) {
    String policy =
        "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'; style-src '"
            + digest(element(html, "style"))
            + "'; script-src '"
            + digest(element(html, "script"))
            + "'";
    return new StatusPage(html, policy);
  }

  private static String element(String html, String name) {
    String start = "<" + name + ">";
    return html.substring(html.indexOf(start) + start.length(), html.indexOf("</" + name + ">"));
  }

  private static String digest(String text) {
    try {
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(sha256);
    } catch (NoSuchAlgorithmException missing) {
      // Every Java platform has it.
      throw new IllegalStateException(missing);
    }
  }
}
