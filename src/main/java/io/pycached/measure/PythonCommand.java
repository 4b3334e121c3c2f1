package io.pycached.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command whose first word is a Python interpreter.
 *
 * @param words at least one
 */
public record PythonCommand(List<String> words) {
  private static final String VARIABLE = "PYTHONPYCACHEPREFIX";
  private static final String PREFIX_OPTION = "pycache_prefix";

  /** A command with its own copy of the words. */
  public PythonCommand {
    words = List.copyOf(words);
    if (words.isEmpty()) {
      throw new IllegalArgumentException("a command has at least one word");
    }
  }

  /** {@return the command that also tells of its imports} */
  List<String> timed() {
    List<String> timed = new ArrayList<>(words.size() + 2);
    timed.add(words.get(0));
    timed.add("-X");
    timed.add("importtime");
    timed.addAll(words.subList(1, words.size()));
    return timed;
  }

  /**
   * {@return the option, if one is in sight, that has the interpreter ignore {@code
   * PYTHONPYCACHEPREFIX}: {@code -I}, {@code -E} or {@code -X pycache_prefix}} Reads the options as
   * {@code Python/getopt.c} does, up to the program.
   */
  public Optional<String> ignoresPrefix() {
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      if (word.length() < 2 || word.charAt(0) != '-' || word.equals("--")) {
        return Optional.empty();
      }
      if (word.startsWith("--")) {
        // The one long option that takes a word.
        i += word.equals("--check-hash-based-pycs") ? 1 : 0;
        continue;
      }
      for (int at = 1; at < word.length(); at++) {
        char option = word.charAt(at);
        if (option == 'I' || option == 'E') {
          return Optional.of("-" + option);
        }
        if (option == 'c' || option == 'm') {
          return Optional.empty();
        }
        if (option == 'X' || option == 'W' || option == 'Q') {
          boolean attached = at + 1 < word.length();
          i += attached ? 0 : 1;
          String value = attached ? word.substring(at + 1) : i < words.size() ? words.get(i) : "";
          if (option == 'X'
              && (value.equals(PREFIX_OPTION) || value.startsWith(PREFIX_OPTION + "="))) {
            return Optional.of("-X " + PREFIX_OPTION);
          }
          break;
        }
      }
    }
    return Optional.empty();
  }

  /** {@return a process, not yet started, that looks for bytecode in {@code prefix} alone} */
  ProcessBuilder process(String prefix) {
    ProcessBuilder builder = new ProcessBuilder(timed());
    builder.environment().put(VARIABLE, prefix);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    return builder;
  }
}
