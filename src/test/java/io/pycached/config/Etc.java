package io.pycached.config;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A machine's {@code /etc/pycached}, in memory. */
final class Etc {

  final FileSystem fileSystem = Jimfs.newFileSystem(Configuration.unix());
  final Path main = fileSystem.getPath("/etc/pycached/pycached.toml");
  final Defaults defaults = new Defaults(path("/cache/prefix"), path("/run/default.sock"));

  static Etc empty() {
    return new Etc();
  }

  static Etc of(String text) {
    return new Etc().write("pycached.toml", text);
  }

  Etc write(String name, String text) {
    try {
      Path file = main.resolveSibling(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path(String path) {
    return fileSystem.getPath(path);
  }

  Settings read() throws ConfigException {
    return read(Map.of(), Overrides.none());
  }

  Settings read(Map<String, String> environment, Overrides overrides) throws ConfigException {
    return SettingsReader.ofUsualFile(main, defaults, Set.of("PYCACHED_JAVA"))
        .read(environment, overrides);
  }

  /** What is wrong, without the main file's name. */
  List<String> errors() {
    return errors(Map.of(), Overrides.none());
  }

  List<String> errors(Map<String, String> environment, Overrides overrides) {
    try {
      read(environment, overrides);
      return List.of();
    } catch (ConfigException e) {
      return e.errors().stream().map(ConfigError::toString).map(this::withoutMain).toList();
    }
  }

  private String withoutMain(String error) {
    String prefix = main + ":";
    return error.startsWith(prefix) ? error.substring(prefix.length()) : error;
  }
}
