package io.pycached.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the manual pages say of commands and options: the words of {@code --help}. */
final class CommandSections {
  private final CommandModel model;

  CommandSections(CommandModel model) {
    this.model = model;
  }

  /** {@return a section for each command, without the options that many have} */
  String commands() {
    StringBuilder roff = new StringBuilder();
    for (CommandSpec command : model.commands()) {
      roff.append(".SS ").append(Roff.text(command.name())).append('\n');
      roff.append(Roff.synopsis(command)).append(".PP\n");
      roff.append(Roff.text(CommandModel.text(command))).append('\n');
      command
          .positionalParameters()
          .forEach(
              parameter ->
                  roff.append(
                      Roff.tagged(
                          Roff.italic(parameter.paramLabel()),
                          Roff.text(String.join(" ", parameter.description())))));
      for (OptionSpec option : CommandModel.options(command)) {
        if (!model.isCommon(option)) {
          roff.append(Roff.option(option));
        }
      }
    }
    return roff.toString();
  }

  String commonOptions() {
    StringBuilder roff = new StringBuilder();
    model.commonOptions().forEach(option -> roff.append(Roff.option(option)));
    return roff.toString();
  }

  /** {@return how a command is called, and all its options} */
  String synopsis(String name) {
    return Roff.synopsis(model.command(name));
  }

  String options(String name) {
    StringBuilder roff = new StringBuilder();
    CommandModel.options(model.command(name)).forEach(each -> roff.append(Roff.option(each)));
    return roff.toString();
  }
}
