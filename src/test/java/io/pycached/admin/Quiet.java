package io.pycached.admin;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps Jetty's comings and goings out of the tests' output, as the daemon does. */
final class Quiet {
  /** Held: the JDK forgets the level of a logger that nobody holds. */
  private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

  private Quiet() {}

  static void jetty() {
    JETTY.setLevel(Level.WARNING);
  }
}
