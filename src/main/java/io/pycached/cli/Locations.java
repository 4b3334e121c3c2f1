package io.pycached.cli;

import io.pycached.config.Defaults;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where things are unless someone says otherwise.
 *
 * <p>Touches few classes: {@code status} runs through here before anything else.
 */
final class Locations {
  static final String CONFIG = "/etc/pycached/pycached.toml";

  private Locations() {}

  /**
   * {@return the socket: {@code $PYCACHED_SOCKET}, else below the runtime directory, which for root
   * is {@code /run}}
   */
  static Path socket(World world) throws IOException {
    String named = world.variable("PYCACHED_SOCKET");
    if (!named.isEmpty()) {
      return world.workingDirectory().resolve(named);
    }
    if (World.uid() == 0) {
      return Path.of("/run/pycached/admin.sock");
    }
    String runtime = world.variable("XDG_RUNTIME_DIR");
    return runtime.isEmpty()
        ? cache(world).resolve("admin.sock")
        : Path.of(runtime).resolve("pycached/admin.sock");
  }

  /** {@return what holds unless the configuration says otherwise} */
  static Defaults defaults(World world) throws IOException {
    String prefix = world.rawVariable("PYTHONPYCACHEPREFIX");
    Path path =
        prefix.isEmpty()
            ? cache(world).resolve("prefix")
            : RawPath.toPath(world.workingDirectory().getFileSystem(), prefix);
    return new Defaults(
        world.workingDirectory().resolve(path).normalize(), socket(world).normalize());
  }

  private static Path cache(World world) {
    String cache = world.variable("XDG_CACHE_HOME");
    Path base = cache.isEmpty() ? Path.of(home(world), ".cache") : Path.of(cache);
    return world.workingDirectory().resolve(base).resolve("pycached");
  }

  static String home(World world) {
    String home = world.variable("HOME");
    return home.isEmpty() ? System.getProperty("user.home", "/") : home;
  }
}
