package io.pycached.cli;

import io.pycached.layout.RawPath;
import io.pycached.report.Failures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    World world = World.ofProcess();
    System.exit(run(RawArguments.of(arguments), world));
  }

  /** {@return the exit status of pycached with these raw arguments} */
  static int run(String[] arguments, World world) {
    int fast = FastStatus.tryFast(arguments, world);
    if (fast >= 0) {
      return fast;
    }
    Map<String, Command> commands = Commands.wanted(arguments);
    CommandLine commandLine = commandLine(commands);
    commandLine.setOut(world.out()).setErr(world.err());
    int status = status(commandLine, arguments, commands, world);
    world.out().flush();
    world.err().flush();
    return status;
  }

  /**
   * What {@link CommandLine#execute} does, without handlers of it: class-data archives have no room
   * for its old interfaces once something implements them.
   */
  private static int status(
      CommandLine commandLine, String[] arguments, Map<String, Command> commands, World world) {
    try {
      return execute(commandLine.parseArgs(arguments), commands, world);
    } catch (ParameterException wrong) {
      return usage(wrong);
    } catch (RuntimeException defect) {
      return explain(defect, world.err()).code();
    }
  }

  /** {@return what is said, in help and in the manual, of pycached and {@code commands}} */
  static CommandLine commandLine(Map<String, Command> commands) {
    CommandSpec root =
        Options.command(
            "pycached", "Keeps one central Python bytecode cache correct, warm, small and safe.");
    CommandLine commandLine = new CommandLine(root, Main::make);
    commands.forEach(
        (name, command) ->
            commandLine.addSubcommand(name, new CommandLine(command.spec(), Main::make)));
    return commandLine;
  }

  /**
   * Makes the lists of options that are given more than once. Picocli's own factory looks for
   * Groovy in all of the class path first.
   */
  private static <K> K make(Class<K> type) {
    return type.cast(new ArrayList<>());
  }

  private static int execute(ParseResult parsed, Map<String, Command> commands, World world) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    ParseResult subcommand = parsed.subcommand();
    if (subcommand == null) {
      throw new ParameterException(parsed.commandSpec().commandLine(), "a command is missing");
    }
    Command command = commands.get(subcommand.commandSpec().name());
    if (command == null) {
      throw new IllegalStateException("no such command: " + subcommand.commandSpec().name());
    }
    try {
      return command.run(new Options(subcommand, world)).code();
    } catch (CommandFailure | IOException | UncheckedIOException failure) {
      return explain(failure, world.err()).code();
    }
  }

  /** One line for the user, and what a script is told. */
  private static ExitStatus explain(Exception failure, PrintWriter err) {
    Throwable cause =
        failure instanceof UncheckedIOException wrapped
            ? Objects.requireNonNull(wrapped.getCause())
            : failure;
    if (cause instanceof CommandFailure known) {
      String.valueOf(known.getMessage()).lines().forEach(line -> err.println("pycached: " + line));
      return known.status();
    }
    if (cause instanceof AccessDeniedException denied) {
      err.println("pycached: " + denied.getFile() + ": permission denied");
      return ExitStatus.DENIED;
    }
    if (cause instanceof FileSystemException file) {
      err.println("pycached: " + file.getFile() + ": " + Failures.reason(file));
      return ExitStatus.FINDINGS;
    }
    if (cause instanceof IOException) {
      err.println("pycached: " + cause.getMessage());
      return ExitStatus.FINDINGS;
    }
    err.println("pycached: this is a defect: " + cause);
    cause.printStackTrace(err);
    return ExitStatus.FINDINGS;
  }

  private static int usage(ParameterException wrong) {
    CommandLine commandLine = wrong.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println("pycached: " + RawPath.display(String.valueOf(wrong.getMessage())));
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
      err.println("Try 'pycached " + name(commandLine) + "--help'.");
    }
    return ExitStatus.USAGE.code();
  }

  private static String name(CommandLine commandLine) {
    return commandLine.getParent() == null ? "" : commandLine.getCommandName() + " ";
  }
}
