package io.pycached.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The commands and options of {@code --help}, as what is made from them wants to see them. */
final class CommandModel {
  /** An option that more than one in so many commands take is told of once. */
  private static final int COMMON = 3;

  /** A colon in brackets introduces a default. */
  private static final Pattern END = Pattern.compile("\\.$|\\. |: (?![^(]*\\))");

  private final List<CommandSpec> commands;

  private CommandModel(List<CommandSpec> commands) {
    this.commands = commands;
  }

  static CommandModel ofProgram() {
    return new CommandModel(
        Main.commandLine(Commands.all()).getSubcommands().values().stream()
            .map(CommandLine::getCommandSpec)
            .toList());
  }

  List<CommandSpec> commands() {
    return commands;
  }

  CommandSpec command(String name) {
    return commands.stream()
        .filter(command -> command.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such command: " + name));
  }

  /** {@return the options of a command, those that every command has last} */
  static List<OptionSpec> options(CommandSpec command) {
    List<OptionSpec> options = new ArrayList<>(command.options());
    options.sort(Comparator.comparing(CommandModel::isForAll));
    return options;
  }

  /** {@return the options that many commands take, each once} */
  List<OptionSpec> commonOptions() {
    List<OptionSpec> common = new ArrayList<>();
    for (CommandSpec command : commands) {
      for (OptionSpec option : options(command)) {
        if (isCommon(option) && common.stream().noneMatch(known -> isSame(known, option))) {
          common.add(option);
        }
      }
    }
    common.sort(Comparator.comparing(CommandModel::isForAll));
    return common;
  }

  boolean isCommon(OptionSpec option) {
    long takers =
        commands.stream()
            .filter(command -> command.options().stream().anyMatch(own -> isSame(own, option)))
            .count();
    return takers * COMMON > commands.size();
  }

  private static boolean isSame(OptionSpec one, OptionSpec other) {
    return one.longestName().equals(other.longestName()) && text(one).equals(text(other));
  }

  /** Whether it asks for help or the version. */
  static boolean isForAll(OptionSpec option) {
    return option.usageHelp() || option.versionHelp();
  }

  static boolean takesValue(OptionSpec option) {
    return option.arity().max() > 0;
  }

  static String text(OptionSpec option) {
    return String.join(" ", option.description());
  }

  static String text(CommandSpec command) {
    return String.join(" ", command.usageMessage().description());
  }

  /** {@return the values that an option can have; none if they are not to be counted} */
  static List<String> candidates(OptionSpec option) {
    List<String> candidates = new ArrayList<>();
    if (option.completionCandidates() != null) {
      option.completionCandidates().forEach(candidates::add);
    }
    return candidates;
  }

  /** {@return what stands for the arguments that are no options, such as {@code [DIR...]}} */
  static String arguments(CommandSpec command) {
    if (command.positionalParameters().isEmpty()) {
      return "";
    }
    var parameter = command.positionalParameters().get(0);
    String label = parameter.paramLabel();
    String repeated = parameter.arity().max() > 1 ? label + "..." : label;
    return parameter.arity().min() > 0 ? repeated : "[" + repeated + "]";
  }

  /** {@return what the help calls an argument that is no option; empty if there is none} */
  static String label(CommandSpec command) {
    return command.positionalParameters().isEmpty()
        ? ""
        : Objects.requireNonNull(command.positionalParameters().get(0).paramLabel());
  }

  /** {@return what a line has room for: a text up to its first full stop or colon} */
  static String firstSentence(String text) {
    Matcher end = END.matcher(text);
    return end.find() ? text.substring(0, end.start()) : text;
  }
}
