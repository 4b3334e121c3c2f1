package io.pycached.cli;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for zsh(1), as a function for its {@code fpath}. */
final class ZshCompletion {
  private ZshCompletion() {}

  static String of(CommandModel model) {
    StringBuilder script =
        new StringBuilder(
            """
            #compdef pycached
            # Made from the words of pycached --help.

            _pycached() {
              local curcontext=$curcontext state line
              typeset -A opt_args
              _arguments -C \\
                '(- *)'{-h,--help}'[Show this help message and exit]' \\
                '(- *)'{-V,--version}'[Print version information and exit]' \\
                '1: :->command' \\
                '*:: :->arguments' && return
              case $state in
                command)
                  local -a commands=(
            """);
    for (CommandSpec command : model.commands()) {
      script.append("        ");
      script.append(quoted(command.name() + ":" + said(CommandModel.text(command)))).append('\n');
    }
    script.append("      )\n      _describe -t commands 'pycached command' commands\n      ;;\n");
    script.append("    arguments)\n      curcontext=${curcontext%:*:*}:pycached-$words[1]:\n");
    script.append("      case $words[1] in\n");
    model.commands().forEach(command -> script.append(command(command)));
    return script.append("      esac\n      ;;\n  esac\n}\n\n_pycached \"$@\"\n").toString();
  }

  private static String command(CommandSpec command) {
    StringBuilder lines = new StringBuilder("        " + command.name() + ")\n");
    lines.append("          _arguments -s");
    CommandModel.options(command)
        .forEach(option -> lines.append(" \\\n            ").append(option(option)));
    String label = CommandModel.label(command);
    if (label.equals("COMMAND")) {
      lines.append(" \\\n            '(-)1:COMMAND:_command_names -e' '*::argument:_normal'");
    } else if (!label.isEmpty()) {
      boolean many = command.positionalParameters().get(0).arity().max() > 1;
      lines
          .append(" \\\n            ")
          .append(quoted((many ? "*:" : "1:") + label + ":" + action(List.of(), label)));
    }
    return lines.append("\n          ;;\n").toString();
  }

  private static String option(OptionSpec option) {
    String names = String.join(",", option.names());
    String value =
        CommandModel.takesValue(option)
            ? ":"
                + option.paramLabel().trim()
                + ":"
                + action(CommandModel.candidates(option), option.paramLabel().trim())
            : "";
    String rest = quoted("[" + said(CommandModel.text(option)) + "]" + value);
    if (option.isMultiValue()) {
      return "'*'" + names + rest;
    }
    return option.names().length == 1
        ? names + rest
        : quoted("(" + String.join(" ", option.names()) + ")") + "{" + names + "}" + rest;
  }

  private static String action(List<String> candidates, String label) {
    if (!candidates.isEmpty()) {
      return candidates.stream().collect(Collectors.joining(" ", "(", ")"));
    }
    return switch (label) {
      case "DIR" -> "_directories";
      case "FILE", "PATH" -> "_files";
      // A number, or a name that only the configuration knows: it is described, not completed.
      default -> " ";
    };
  }

  private static String said(String text) {
    return CommandModel.firstSentence(text)
        .replace("\\", "\\\\")
        .replace("[", "\\[")
        .replace("]", "\\]")
        .replace(":", "\\:");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
