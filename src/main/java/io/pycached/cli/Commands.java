package io.pycached.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The commands of pycached by their names. Each is made when it is asked for, and only then. */
final class Commands {
  /** In the order of the help. */
  private static final List<String> NAMES =
      List.of(
          "run", "status", "check", "prune", "purge", "sync", "clean", "inspect", "locate", "why",
          "events", "doctor", "env", "measure");

  private Commands() {}

  /** {@return the command {@code name}, if there is one} */
  static Optional<Command> named(String name) {
    return switch (name) {
      case "run" -> Optional.of(new RunCommand());
      case "status" -> Optional.of(new StatusCommand());
      case "check" -> Optional.of(new CheckCommand());
      case "prune" -> Optional.of(new PruneCommand());
      case "purge" -> Optional.of(new PurgeCommand());
      case "sync" -> Optional.of(new SyncCommand());
      case "clean" -> Optional.of(new CleanCommand());
      case "inspect" -> Optional.of(new InspectCommand());
      case "locate" -> Optional.of(new LocateCommand());
      case "why" -> Optional.of(new WhyCommand());
      case "events" -> Optional.of(new EventsCommand());
      case "doctor" -> Optional.of(new DoctorCommand());
      case "env" -> Optional.of(new EnvCommand());
      case "measure" -> Optional.of(new MeasureCommand());
      default -> Optional.empty();
    };
  }

  /** {@return all of them} */
  static Map<String, Command> all() {
    Map<String, Command> all = new LinkedHashMap<>();
    NAMES.forEach(name -> all.put(name, named(name).orElseThrow()));
    return all;
  }

  /**
   * {@return the command that {@code arguments} begin with, alone, else all} What parses a command
   * line takes longer to make than a survey of a thousand files takes, and only help and
   * suggestions need all of it.
   */
  static Map<String, Command> wanted(String[] arguments) {
    if (arguments.length == 0) {
      return all();
    }
    return named(arguments[0])
        .map(command -> Map.of(arguments[0], command))
        .orElseGet(Commands::all);
  }
}
