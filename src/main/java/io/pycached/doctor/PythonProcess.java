package io.pycached.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that runs an interpreter, as {@code proc(5)} shows it. Texts are raw.
 *
 * @param prefix the value that it goes by; empty if it has none
 * @param isolated whether it ignores its environment, by {@code -E} or {@code -I}
 * @param writes whether it writes bytecode
 * @param unit the systemd unit that it belongs to; empty if none
 */
record PythonProcess(long pid, String prefix, boolean isolated, boolean writes, String unit) {
  /** What follows is not read: neither is usually longer than some pages. */
  private static final int MAX_BYTES = 1 << 18;

  private static final Pattern NAMES = Pattern.compile("(python|pypy|graalpy)[0-9.]*[a-z]{0,3}");
  private static final Pattern UNIT = Pattern.compile("/([^/\n]+\\.service)(/|\n|$)");
  private static final String OPTION = "pycache_prefix";
  private static final String OWN = "pycached.jar";

  /**
   * {@return the process in {@code directory}, a number in {@code /proc}; nothing if it runs no
   * interpreter, or one of pycached's workers}
   *
   * @throws IOException if this user may not look, or it has ended
   */
  static Optional<PythonProcess> read(Path proc, Path directory) throws IOException {
    List<String> words = words(directory.resolve("cmdline"));
    if (words.isEmpty() || !isInterpreter(words.get(0)) || isWorker(proc, directory)) {
      return Optional.empty();
    }
    Map<String, String> environment = new HashMap<>();
    for (String entry : words(directory.resolve("environ"))) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        environment.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    Flags flags = Flags.of(words);
    String fromEnvironment = flags.isolated ? "" : environment.getOrDefault(Variables.PREFIX, "");
    boolean dontWrite =
        flags.dontWrite
            || (!flags.isolated && !environment.getOrDefault(Variables.NO_WRITING, "").isEmpty());
    return Optional.of(
        new PythonProcess(
            Long.parseLong(String.valueOf(directory.getFileName())),
            flags.prefix.orElse(fromEnvironment),
            flags.isolated && flags.prefix.isEmpty(),
            !dontWrite,
            unit(directory)));
  }

  private static boolean isInterpreter(String word) {
    return NAMES.matcher(word.substring(word.lastIndexOf('/') + 1)).matches();
  }

  /** pycached's own have neither environment nor prefix, and need none. */
  private static boolean isWorker(Path proc, Path directory) throws IOException {
    String stat = text(directory.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    if (fields.length < 2) {
      return false;
    }
    try {
      return text(proc.resolve(fields[1]).resolve("cmdline")).contains(OWN);
    } catch (IOException gone) {
      return false;
    }
  }

  private static String unit(Path directory) {
    try {
      Matcher unit = UNIT.matcher(text(directory.resolve("cgroup")));
      return unit.find() && !unit.group(1).startsWith("user@") ? unit.group(1) : "";
    } catch (IOException hidden) {
      return "";
    }
  }

  private static List<String> words(Path file) throws IOException {
    List<String> words = new ArrayList<>(List.of(text(file).split("\0", -1)));
    if (words.get(words.size() - 1).isEmpty()) {
      words.remove(words.size() - 1);
    }
    return words;
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_BYTES), ISO_8859_1);
    }
  }

  /** What the interpreter's own options say; those behind the program are the program's. */
  private static final class Flags {
    private boolean isolated;
    private boolean dontWrite;
    private Optional<String> prefix = Optional.empty();

    static Flags of(List<String> words) {
      Flags flags = new Flags();
      for (int i = 1; i < words.size(); ) {
        String word = words.get(i);
        if (word.length() < 2 || word.charAt(0) != '-') {
          break;
        }
        if (word.startsWith("--")) {
          i += word.equals("--check-hash-based-pycs") ? 2 : 1;
          continue;
        }
        int taken = flags.letters(word, i + 1 < words.size() ? words.get(i + 1) : "");
        if (taken == 0) {
          break;
        }
        i += taken;
      }
      return flags;
    }

    /** Reads a word of single-letter options; says how many words that were, 0 for the last. */
    private int letters(String word, String next) {
      for (int at = 1; at < word.length(); at++) {
        char letter = word.charAt(at);
        if (letter == 'c' || letter == 'm') {
          return 0;
        }
        if (letter == 'X' || letter == 'W') {
          boolean attached = at + 1 < word.length();
          if (letter == 'X') {
            extended(attached ? word.substring(at + 1) : next);
          }
          return attached ? 1 : 2;
        }
        isolated |= letter == 'I' || letter == 'E';
        dontWrite |= letter == 'B';
      }
      return 1;
    }

    private void extended(String option) {
      if (option.equals(OPTION)) {
        prefix = Optional.of("");
      } else if (option.startsWith(OPTION + "=")) {
        prefix = Optional.of(option.substring(OPTION.length() + 1));
      }
    }
  }
}
