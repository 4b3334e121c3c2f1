package io.pycached.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish(1). */
final class FishCompletion {
  private FishCompletion() {}

  static String of(CommandModel model) {
    StringBuilder script = new StringBuilder("# Made from the words of pycached --help.\n\n");
    script.append("complete -c pycached -f\n");
    script.append("complete -c pycached -n __fish_use_subcommand -s h -l help\n");
    script.append("complete -c pycached -n __fish_use_subcommand -s V -l version\n");
    for (CommandSpec command : model.commands()) {
      script
          .append("\ncomplete -c pycached -n __fish_use_subcommand -a ")
          .append(command.name())
          .append(said(CommandModel.text(command)));
      String head = "complete -c pycached -n '__fish_seen_subcommand_from " + command.name() + "'";
      String label = CommandModel.label(command);
      if (!label.isEmpty()) {
        String files = values(List.of(), label);
        script.append(files.isEmpty() ? "" : head + files + "\n");
      }
      CommandModel.options(command).forEach(option -> script.append(head).append(option(option)));
    }
    return script.toString();
  }

  private static String option(OptionSpec option) {
    StringBuilder words = new StringBuilder();
    for (String name : option.names()) {
      words.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    if (CommandModel.takesValue(option)) {
      words.append(" -r");
      words.append(values(CommandModel.candidates(option), option.paramLabel().trim()));
    }
    return words + said(CommandModel.text(option));
  }

  private static String values(List<String> candidates, String label) {
    if (!candidates.isEmpty()) {
      return " -f -a '" + String.join(" ", candidates) + "'";
    }
    return switch (label) {
      case "DIR" -> " -f -a '(__fish_complete_directories)'";
      case "FILE", "PATH", "COMMAND" -> " -F";
      // A number, or a name that only the configuration knows.
      default -> "";
    };
  }

  private static String said(String text) {
    String sentence = CommandModel.firstSentence(text).replace("\\", "\\\\").replace("'", "\\'");
    return " -d '" + sentence + "'\n";
  }
}
