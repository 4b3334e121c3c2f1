package io.pycached.layout;

import java.util.List;

/**
 * What the name of a file in a mirror says it is: bytecode, what an interrupted writer left, or
 * something else.
 *
 * <p>{@code importlib.util.source_from_cache} is no inverse of {@code cache_from_source}: it counts
 * dots, and so refuses {@code foo.bar.cpython-312.pyc} and everything pytest writes. {@link #parse}
 * therefore reads a name from the right.
 */
public sealed interface MirrorName {

  /**
   * The name of a bytecode file.
   *
   * @param module the source's name without its extension, raw; for an extensionless source its
   *     whole name
   * @param extensionless whether the source had no dot in its name: {@code script} is cached as
   *     {@code scriptcpython-312.pyc}
   * @param variant the cache tag and optimization level
   * @param writer what follows the tag when a tool other than the interpreter wrote the file, such
   *     as {@code -pytest-8.3.4}; usually empty
   * @param suffix {@code .pyc}, or {@code .pyo} as pytest writes under {@code -O}
   */
  record Bytecode(
      String module, boolean extensionless, Variant variant, String writer, String suffix)
      implements MirrorName {

    /**
     * {@return the raw names of the sources that {@code cache_from_source} maps to this file,
     * likeliest first}
     *
     * <p>Any other extension maps here too ({@code foo.txt} as well as {@code foo.py}); those that
     * importlib imports by itself are named.
     */
    public List<String> sourceNames() {
      if (extensionless) {
        return List.of(module);
      }
      // What begins with a dot and has another is cached without what follows that one.
      return module.indexOf('.') >= 0
          ? List.of(likeliestSourceName(), module + ".pyw")
          : List.of(likeliestSourceName(), module + ".pyw", "." + module);
    }

    /** {@return the first of {@link #sourceNames}} */
    public String likeliestSourceName() {
      return extensionless ? module : module + ".py";
    }

    /**
     * {@return whether a tool, not the interpreter's own compiler, made the body}
     *
     * <p>pytest and typeguard rewrite the code before they compile it: such a file is never
     * compiled or adopted by anyone else.
     */
    public boolean isRewritten() {
      return !writer.isEmpty() || suffix.equals(".pyo") || !isNumeric(variant.optimization());
    }

    private static boolean isNumeric(String level) {
      return level.chars().allMatch(c -> (c >= '0' && c <= '9'));
    }
  }

  /**
   * {@code NAME.pyc.DIGITS}: what importlib, pytest and pycached write to before they rename.
   *
   * @param digits importlib's are {@code id(path)}, pytest's the process id
   */
  record Temporary(Bytecode intended, String digits) implements MirrorName {
    /** What the digits of pycached's own begin with; nobody else writes a leading zero. */
    public static final String OWN = "0";

    /** {@return whether pycached began it} */
    public boolean isOwn() {
      return digits.startsWith(OWN);
    }
  }

  /** A name that no writer of bytecode uses. */
  record Foreign() implements MirrorName {}

  /** {@return what the raw file name {@code name} says} */
  static MirrorName parse(String name) {
    return MirrorNameParser.parse(name);
  }
}
