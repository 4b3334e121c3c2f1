package io.pycached.cli;

import io.pycached.compile.Search;
import io.pycached.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where interpreters are looked for, as seen from this process. */
final class InterpreterSearch {
  /** Where installers put interpreters that are on nobody's {@code PATH}. */
  private static final List<String> INSTALLATIONS =
      List.of(".pyenv/versions", ".local/share/uv/python", ".asdf/installs/python");

  private static final List<String> DIRECTORIES = List.of("/usr/local/bin", "/usr/bin");

  private InterpreterSearch() {}

  static Search of(World world, Settings.Interpreters settings) throws IOException {
    List<Path> path = new ArrayList<>();
    for (String entry : world.variable("PATH").split(":", -1)) {
      if (entry.startsWith("/")) {
        path.add(Path.of(entry));
      }
    }
    List<Path> installations = new ArrayList<>();
    String pyenv = world.variable("PYENV_ROOT");
    if (!pyenv.isEmpty()) {
      installations.add(world.workingDirectory().resolve(pyenv).resolve("versions"));
    }
    Path home = Path.of(Locations.home(world));
    INSTALLATIONS.forEach(below -> installations.add(home.resolve(below)));
    return new Search(
        settings.executables(),
        settings.discover(),
        path,
        installations,
        DIRECTORIES.stream().map(Path::of).toList(),
        world.environment(),
        World.uid());
  }
}
