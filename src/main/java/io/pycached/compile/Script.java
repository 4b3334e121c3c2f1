package io.pycached.compile;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A Python program of ours, kept beside the classes. */
enum Script {
  PROBE("probe.py"),
  WORKER("worker.py"),
  DIS("dis.py");

  private final String text;

  Script(String name) {
    try (InputStream resource = Script.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new FileNotFoundException(name + " is missing from this program");
      }
      text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the program, as an argument of {@code -c}} */
  String text() {
    return text;
  }
}
