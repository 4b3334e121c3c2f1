package io.pycached.daemon;

import io.pycached.config.Settings;
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
   * {@return whether sources, and interpreters, may be where they cannot be seen from here, whether
   * they are there or not: in another container than this one}
   */
  static boolean hidesSources(Settings.Unclaimed settings) {
    return !settings.sameContainer() && surroundsUs();
  }

  private static boolean surroundsUs() {
    return MARKS.stream().anyMatch(Files::exists)
        || System.getenv("KUBERNETES_SERVICE_HOST") != null;
  }
}
