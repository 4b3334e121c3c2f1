package io.pycached.pyc;

import java.util.List;

/**
 * What a module's code object says about itself.
 *
 * <p>Text is as Python has it, lone surrogates included. A list ends early where its text would be
 * longer than the whole body, which only references to one long string, repeated, can achieve.
 *
 * @param filename {@code co_filename}, the source's path at compile time
 * @param name {@code co_name}, for a module {@code "<module>"}
 * @param firstLine {@code co_firstlineno}
 * @param names {@code co_names}
 * @param functions {@code co_name} of each code object in {@code co_consts}: functions and classes
 *     at module level, also comprehensions and lambdas
 */
public record CodeSummary(
    CodeFilename filename, String name, int firstLine, List<String> names, List<String> functions) {
  public CodeSummary {
    names = List.copyOf(names);
    functions = List.copyOf(functions);
  }
}
