package io.pycached.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.pycached.testing.Pycached;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A command of a document and what that says it prints: numbers, times and amounts of space may
 * differ, and {@code …} stands for anything.
 *
 * @param printed all that it prints
 */
record Step(String command, List<String> printed) {
  /** A number, a time or both, with what may stand between digits; a date with its day. */
  private static final Pattern NUMBER =
      Pattern.compile(
          "(\\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?-?[0-9]+([.,: \\u00a0\\u202fT-]+[0-9]+)*Z?");

  private static final Pattern UNIT = Pattern.compile("# [KMG]iB");

  private static final Pattern SPACE = Pattern.compile("[ \n]+");

  Step {
    printed = List.copyOf(printed);
  }

  /** {@return the same with other words in it, such as the places of this machine} */
  Step with(UnaryOperator<String> words) {
    return new Step(words.apply(command), printed.stream().map(words).toList());
  }

  void assertPrintedBy(Pycached.Result result) {
    StringBuilder pattern = new StringBuilder();
    for (String part : normal(String.join("\n", printed)).split("…", -1)) {
      pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(part.strip()));
    }
    assertThat(normal(result.out()))
        .as("what %s prints, with the errors: %s", command, result.err())
        .matches(Pattern.compile(pattern.toString(), Pattern.DOTALL));
  }

  private static String normal(String text) {
    String line = SPACE.matcher(text).replaceAll(" ").strip();
    return UNIT.matcher(NUMBER.matcher(line).replaceAll("#")).replaceAll("# B");
  }
}
