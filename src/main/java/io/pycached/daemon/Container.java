package io.pycached.daemon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The container that this process runs in, if it does. */
final class Container {
  /** What Docker, Podman and systemd (CONTAINER_INTERFACE) leave in a container. */
  private static final List<Path> MARKS =
      List.of(
          Path.of("/.dockerenv"),
          Path.of("/run/.containerenv"),
          Path.of("/run/host/container-manager"));

  private Container() {}

  /**
   * {@return whether there is one} Then the sources of other containers cannot be seen from here,
   * whether they are there or not.
   */
  static boolean surroundsUs() {
    return MARKS.stream().anyMatch(Files::exists)
        || System.getenv("KUBERNETES_SERVICE_HOST") != null;
  }
}
