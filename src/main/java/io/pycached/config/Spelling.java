package io.pycached.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which word was meant. */
final class Spelling {

  /** Words beyond this length are not compared: no key is nearly as long. */
  private static final int MAX_LENGTH = 80;

  private Spelling() {}

  /** {@return a phrase to append to a message: what was meant, or nothing} */
  static String hint(String word, Collection<String> known) {
    return nearest(word, known).map(k -> "; did you mean " + Quoted.word(k) + "?").orElse("");
  }

  /** {@return the known word that a third of the letters, or one, would turn this one into} */
  static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    int allowed = Math.max(1, word.length() / 3);
    return known.stream()
        .filter(k -> distance(word, k) <= allowed)
        .min(Comparator.<String>comparingInt(k -> distance(word, k)).thenComparing(k -> k));
  }

  /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
