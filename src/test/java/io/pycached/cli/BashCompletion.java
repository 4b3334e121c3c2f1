package io.pycached.cli;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for bash(1), which needs no other file. */
final class BashCompletion {
  private static final String HEAD =
      """
      # bash completion for pycached. Made from the words of its --help.

      _pycached_words() {
        mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
      }

      _pycached_files() {
        compopt -o filenames 2> /dev/null
        mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
      }

      _pycached() {
        local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command= options= i
        COMPREPLY=()
        # An equals sign parts words.
        if [[ $cur == "=" ]]; then
          cur=
        elif [[ $prev == "=" ]] && ((COMP_CWORD > 1)); then
          prev=${COMP_WORDS[COMP_CWORD - 2]}
        fi
        for ((i = 1; i < COMP_CWORD; i++)); do
          if [[ -z $command && ${COMP_WORDS[i]} != -* ]]; then
            command=${COMP_WORDS[i]}
          elif [[ $command == measure && ${COMP_WORDS[i]} == -- ]]; then
            # What follows is another's command line.
            if declare -F _command_offset > /dev/null; then
              _command_offset $((i + 1))
            elif ((COMP_CWORD == i + 1)); then
              _pycached_files -c
            else
              _pycached_files -f
            fi
            return
          fi
        done
      """;

  private BashCompletion() {}

  static String of(CommandModel model) {
    StringBuilder script = new StringBuilder(HEAD);
    script.append("  case $command in\n");
    script.append("    '')\n      _pycached_words '");
    script.append(
        Stream.concat(model.commands().stream().map(CommandSpec::name), Stream.of("--help"))
            .collect(Collectors.joining(" ")));
    script.append(" --version'\n      return\n      ;;\n");
    model.commands().forEach(command -> script.append(options(command)));
    script.append("    *) return ;;\n  esac\n");
    script.append("  case $command:$prev in\n");
    model.commands().forEach(command -> script.append(values(command)));
    script.append("  esac\n");
    script.append(
        "  if [[ $cur == -* ]]; then\n    _pycached_words \"$options\"\n    return\n  fi\n");
    script.append("  case $command in\n");
    model.commands().forEach(command -> script.append(arguments(command)));
    return script.append("  esac\n}\n\ncomplete -F _pycached pycached\n").toString();
  }

  private static String options(CommandSpec command) {
    String names =
        CommandModel.options(command).stream()
            .flatMap(option -> Arrays.stream(option.names()))
            .collect(Collectors.joining(" "));
    return "    " + command.name() + ") options='" + names + "' ;;\n";
  }

  private static String values(CommandSpec command) {
    StringBuilder cases = new StringBuilder();
    for (OptionSpec option : CommandModel.options(command)) {
      if (CommandModel.takesValue(option)) {
        String names =
            Arrays.stream(option.names())
                .map(name -> command.name() + ":" + name)
                .collect(Collectors.joining(" | "));
        cases.append("    ").append(names).append(")\n      ");
        cases.append(words(CommandModel.candidates(option), option.paramLabel().trim()));
        cases.append("\n      return\n      ;;\n");
      }
    }
    return cases.toString();
  }

  private static String arguments(CommandSpec command) {
    String label = CommandModel.label(command);
    return label.isEmpty()
        ? ""
        : "    " + command.name() + ") " + words(List.of(), label) + " ;;\n";
  }

  private static String words(List<String> candidates, String label) {
    if (!candidates.isEmpty()) {
      return "_pycached_words '" + String.join(" ", candidates) + "'";
    }
    return switch (label) {
      case "DIR" -> "_pycached_files -d";
      case "FILE", "PATH" -> "_pycached_files -f";
      case "COMMAND" -> "_pycached_files -c";
      // A number, or a name that only the configuration knows.
      default -> ":";
    };
  }
}
