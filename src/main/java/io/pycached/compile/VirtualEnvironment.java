package io.pycached.compile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pycached.fs.FileStamp;
import io.pycached.fs.GuardedOpen;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A virtual environment: which executables may be the interpreter it was made with (PEP 405).
 *
 * <p>Its {@code bin/python} is a link to that interpreter; where it is a copy, {@code pyvenv.cfg}
 * says of what: {@code home} is the directory, {@code executable} the file (since 3.11).
 */
final class VirtualEnvironment {
  private static final String CONFIGURATION = "pyvenv.cfg";

  /** What follows in a longer file is not read. */
  private static final int MAX_BYTES = 1 << 16;

  private static final Pattern MINOR = Pattern.compile("(3\\.\\d+).*");

  private VirtualEnvironment() {}

  /**
   * {@return the executables in question, best first; empty if {@code directory} is no virtual
   * environment}
   */
  static List<Path> executables(Path directory) {
    Map<String, String> settings;
    try {
      settings = settings(text(directory.resolve(CONFIGURATION)));
    } catch (IOException e) {
      return List.of();
    }
    List<Path> executables = new ArrayList<>();
    for (String name : List.of("python", "python3")) {
      Path own = directory.resolve("bin").resolve(name);
      if (Files.isSymbolicLink(own)) {
        executables.add(own);
      }
    }
    FileSystem fileSystem = directory.getFileSystem();
    add(executables, fileSystem, settings.getOrDefault("executable", ""));
    String home = settings.getOrDefault("home", "");
    for (String name : names(settings)) {
      add(executables, fileSystem, home.isEmpty() ? "" : home + "/" + name);
    }
    return executables;
  }

  private static String text(Path configuration) throws IOException {
    if (!FileStamp.following(configuration).isRegular()) {
      throw new NoSuchFileException(configuration.toString(), null, "not a regular file");
    }
    try (InputStream stream = Channels.newInputStream(GuardedOpen.file(configuration))) {
      return new String(stream.readNBytes(MAX_BYTES), ISO_8859_1);
    }
  }

  private static List<String> names(Map<String, String> settings) {
    List<String> names = new ArrayList<>();
    // venv writes version, virtualenv and uv version_info.
    for (String key : List.of("version", "version_info")) {
      Matcher minor = MINOR.matcher(settings.getOrDefault(key, ""));
      if (minor.matches()) {
        names.add("python" + minor.group(1));
        names.add("pypy" + minor.group(1));
      }
    }
    names.addAll(List.of("python3", "python", "pypy3", "graalpy"));
    return names;
  }

  private static void add(List<Path> executables, FileSystem fileSystem, String raw) {
    try {
      Path path = RawPath.toPath(fileSystem, raw);
      if (path.isAbsolute()) {
        executables.add(path);
      }
    } catch (InvalidPathException e) {
      // A NUL: no name at all.
    }
  }

  private static Map<String, String> settings(String text) {
    Map<String, String> settings = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        settings.putIfAbsent(
            line.substring(0, equals).strip().toLowerCase(Locale.ROOT),
            line.substring(equals + 1).strip());
      }
    }
    return settings;
  }
}
