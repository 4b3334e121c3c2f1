package io.pycached.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Parts of manual pages in the macros of groff_man(7). */
final class Roff {
  private Roff() {}

  /** {@return text that roff prints as it is, and that can be copied from the page to a shell} */
  static String text(String plain) {
    String escaped =
        plain
            .replace("\\", "\\e")
            .replace("-", "\\-")
            .replace("~", "\\(ti")
            .replace("^", "\\(ha")
            .replace("'", "\\(aq")
            .replace("`", "\\(ga")
            .replace("\u2026", "...");
    return escaped.startsWith(".") ? "\\&" + escaped : escaped;
  }

  static String bold(String plain) {
    return "\\fB" + text(plain) + "\\fR";
  }

  static String italic(String plain) {
    return "\\fI" + text(plain) + "\\fR";
  }

  /** {@return a paragraph under a tag} Both are roff already. */
  static String tagged(String tag, String paragraph) {
    return ".TP\n" + tag + "\n" + paragraph + "\n";
  }

  static String option(OptionSpec option) {
    String value = CommandModel.takesValue(option) ? " " + italic(option.paramLabel().trim()) : "";
    String names =
        Arrays.stream(option.names()).map(Roff::bold).collect(Collectors.joining(", ", "", value));
    return tagged(names, text(CommandModel.text(option)));
  }

  /** {@return the line that shows how a command is called, without the options all have} */
  static String synopsis(CommandSpec command) {
    StringBuilder line = new StringBuilder(bold("pycached " + command.name()));
    for (OptionSpec option : CommandModel.options(command)) {
      if (!CommandModel.isForAll(option)) {
        line.append(" [").append(bold(option.names()[0]));
        if (CommandModel.takesValue(option)) {
          line.append("\\ ").append(italic(option.paramLabel().trim()));
        }
        line.append(']');
      }
    }
    String arguments = CommandModel.arguments(command);
    if (!arguments.isEmpty()) {
      String label = CommandModel.label(command);
      boolean afterDashes = label.equals("COMMAND");
      line.append(afterDashes ? " " + bold("--") + " " : " ")
          .append(text(arguments).replace(text(label), italic(label)));
    }
    return line.append('\n').toString();
  }
}
