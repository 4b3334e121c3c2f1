package io.pycached.compile;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where interpreters are looked for.
 *
 * @param executables those of the configuration; trusted, and before all others
 * @param discover whether to look any further
 * @param path the directories of {@code PATH}; relative ones are left out, and so are those called
 *     {@code shims}, whose scripts choose an interpreter by the working directory
 * @param installations directories whose children are installations with a {@code bin}: {@code
 *     ~/.pyenv/versions} and its like
 * @param directories more directories of executables: {@code /usr/local/bin}, {@code /usr/bin}
 * @param environment the variables in which {@link Interpreters#pycachePrefix} is asked
 * @param user the number of the user that we are
 */
public record Search(
    List<Path> executables,
    boolean discover,
    List<Path> path,
    List<Path> installations,
    List<Path> directories,
    Map<String, String> environment,
    int user) {

  public Search {
    executables = List.copyOf(executables);
    path = List.copyOf(path);
    installations = List.copyOf(installations);
    directories = List.copyOf(directories);
    environment = Map.copyOf(environment);
  }
}
