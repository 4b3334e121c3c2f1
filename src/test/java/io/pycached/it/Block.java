package io.pycached.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines that stand apart in a document, such as commands and what they print: in Markdown, what is
 * indented by four or fenced; in other files, what is indented by three in a comment.
 *
 * @param lines without their indentation and remarks; none is empty at either end
 */
record Block(Path file, List<String> lines) {
  private static final Pattern IN_MARKDOWN = Pattern.compile(" {4}(.*)|()");
  private static final Pattern IN_A_COMMENT = Pattern.compile("# {3}(.*)");
  private static final Pattern PROMPT = Pattern.compile("[$#] (.*)");

  /** What a comment says of a command, behind it. */
  private static final Pattern REMARK = Pattern.compile("(?<=\\S) {2,}\\S.*");

  Block {
    lines = List.copyOf(lines);
  }

  /** {@return the blocks of a document, in their order} */
  static List<Block> of(Path file) throws IOException {
    boolean markdown = file.toString().endsWith(".md");
    List<Block> blocks = new ArrayList<>();
    List<String> block = new ArrayList<>();
    boolean fenced = false;
    for (String line : Files.readAllLines(file)) {
      boolean fence = markdown && line.startsWith("```");
      fenced ^= fence;
      Matcher apart = (markdown ? IN_MARKDOWN : IN_A_COMMENT).matcher(line);
      if (fenced && !fence) {
        block.add(line);
      } else if (apart.matches()) {
        String text = Objects.requireNonNullElse(apart.group(1), "");
        block.add(markdown ? text : REMARK.matcher(text).replaceFirst(""));
      } else {
        end(file, block, blocks);
      }
    }
    end(file, block, blocks);
    return blocks;
  }

  private static void end(Path file, List<String> block, List<Block> blocks) {
    int from = 0;
    int to = block.size();
    while (from < to && block.get(from).isEmpty()) {
      from++;
    }
    while (to > from && block.get(to - 1).isEmpty()) {
      to--;
    }
    if (from < to) {
      blocks.add(new Block(file, block.subList(from, to)));
    }
    block.clear();
  }

  /** {@return what is typed, as a shell reads it} */
  String script() {
    if (isSession()) {
      return String.join("\n", steps().stream().map(Step::command).toList());
    }
    return String.join("\n", lines);
  }

  /** {@return whether it shows prompts, and what is printed} */
  boolean isSession() {
    return PROMPT.matcher(lines.get(0)).matches();
  }

  /** {@return the commands behind the prompts, each with all that it prints} */
  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    List<String> printed = new ArrayList<>();
    String command = "";
    for (String line : lines) {
      Matcher prompt = PROMPT.matcher(line);
      if (!prompt.matches()) {
        printed.add(line);
        continue;
      }
      if (!command.isEmpty()) {
        steps.add(new Step(command, printed));
      }
      command = prompt.group(1);
      printed.clear();
    }
    steps.add(new Step(command, printed));
    return steps;
  }
}
