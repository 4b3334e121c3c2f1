package io.pycached.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The arguments of this process as raw strings.
 *
 * <p>The JVM decodes arguments with the locale's charset and replaces what it cannot decode. The
 * kernel keeps them as they were, in {@code /proc/self/cmdline} (proc(5)), where ours are the last
 * ones.
 */
final class RawArguments {
  private RawArguments() {}

  static String[] of(String[] arguments) {
    boolean ascii = true;
    for (String argument : arguments) {
      for (int i = 0; i < argument.length(); i++) {
        ascii &= argument.charAt(i) < 0x80;
      }
    }
    return ascii ? arguments : fromKernel(arguments);
  }

  private static String[] fromKernel(String[] arguments) {
    try {
      String line = Files.readString(Path.of("/proc/self/cmdline"), ISO_8859_1);
      String[] all = line.split("\0", -1);
      // Each argument ends with a NUL, so the last piece is empty.
      int first = all.length - 1 - arguments.length;
      if (first > 0) {
        String[] raw = new String[arguments.length];
        System.arraycopy(all, first, raw, 0, raw.length);
        return raw;
      }
    } catch (IOException noProc) {
      // Without /proc the JVM's decoding is the best there is.
      return encoded(arguments);
    }
    return encoded(arguments);
  }

  private static String[] encoded(String[] arguments) {
    String[] raw = new String[arguments.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = new String(arguments[i].getBytes(UTF_8), ISO_8859_1);
    }
    return raw;
  }
}
