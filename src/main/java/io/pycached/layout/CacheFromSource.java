package io.pycached.layout;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code importlib.util.cache_from_source} with {@code sys.pycache_prefix} set, character by
 * character.
 *
 * <p>It is a function of strings, as importlib's is: nothing is resolved, {@code ..} and double
 * slashes stay. Arguments and results are raw (see {@link RawPath}). Source: {@code
 * Lib/importlib/_bootstrap_external.py}, 3.8 to 3.13.
 */
public final class CacheFromSource {
  private final String prefix;
  private final String workingDirectory;

  /**
   * @param prefix the value of {@code sys.pycache_prefix}
   * @param workingDirectory what {@code os.getcwd()} answers in that interpreter
   */
  public CacheFromSource(String prefix, String workingDirectory) {
    this.prefix = prefix;
    this.workingDirectory = workingDirectory;
  }

  /**
   * {@return the raw path of the bytecode file that an interpreter reads for {@code source}, or
   * nothing where importlib fails: a source whose directory is {@code /}, spelt {@code //m.py} or
   * taken from the working directory}
   */
  public Optional<String> path(String source, Variant variant) {
    int slash = source.lastIndexOf('/');
    String head = slash < 0 ? "" : source.substring(0, slash);
    String file = name(source.substring(slash + 1), variant);
    if (!head.startsWith("/")) {
      // A module in / has an empty head too, and so is keyed by the working directory
      // (python/cpython#82916).
      String relative =
          stripsDotSlash(variant.tag()) && head.startsWith("./") ? head.substring(2) : head;
      head = join(workingDirectory, relative);
    }
    if (head.length() < 2) {
      return Optional.empty();
    }
    return Optional.of(join(prefix, stripLeadingSlashes(head), file));
  }

  /** {@return the file name of the bytecode of a source called {@code tail}} */
  public static String name(String tail, Variant variant) {
    int dot = tail.lastIndexOf('.');
    String base = dot < 0 ? "" : tail.substring(0, dot);
    String rest = tail.substring(dot + 1);
    return (base.isEmpty() ? rest : base) + (dot < 0 ? "" : ".") + variant + ".pyc";
  }

  /** {@code _path_abspath} strips a leading {@code ./} since 3.12. */
  private static boolean stripsDotSlash(CacheTag tag) {
    String digits =
        tag.name().startsWith("cpython-3") ? tag.name().substring("cpython-3".length()) : "";
    return digits.length() == 2 && digits.compareTo("12") >= 0;
  }

  /** {@code _path_join}: an empty part is left out, a part's trailing slashes go. */
  private static String join(String... parts) {
    return Stream.of(parts)
        .filter(part -> !part.isEmpty())
        .map(CacheFromSource::stripTrailingSlashes)
        .collect(Collectors.joining("/"));
  }

  private static String stripTrailingSlashes(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  private static String stripLeadingSlashes(String path) {
    int start = 0;
    while (start < path.length() && path.charAt(start) == '/') {
      start++;
    }
    return path.substring(start);
  }
}
