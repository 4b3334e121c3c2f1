package io.pycached.cli;

import io.pycached.config.ConfigException;
import io.pycached.config.Overrides;
import io.pycached.config.ProjectSettings;
import io.pycached.config.Settings;
import io.pycached.config.SettingsReader;
import io.pycached.daemon.Daemon;
import io.pycached.layout.RawPath;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Range;

/** The options that commands share, and what they say of one invocation. */
final class Options {
  /**
   * Variables with our prefix that are no settings: they steer the launcher or name the
   * configuration.
   */
  private static final Set<String> NOT_SETTINGS =
      Set.of("PYCACHED_CONFIG", "PYCACHED_JAVA", "PYCACHED_JAVA_OPTS");

  enum Output {
    TEXT,
    JSON
  }

  private final ParseResult parsed;
  private final World world;

  Options(ParseResult parsed, World world) {
    this.parsed = parsed;
    this.world = world;
  }

  /** {@return a command with the options that all commands have} */
  static CommandSpec command(String name, String description) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage().description(description);
    // Not picocli's own mixin, which reflects on annotations: that takes longer than all the rest.
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help message and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Print version information and exit.")
            .build());
    spec.version(Version.line());
    return spec;
  }

  static OptionSpec prefix() {
    return text(
        "--prefix",
        "DIR",
        "The pycache prefix (default: $PYTHONPYCACHEPREFIX, else below $XDG_CACHE_HOME).");
  }

  static OptionSpec config() {
    return text("--config", "FILE", "Read this configuration instead of " + Locations.CONFIG + ".");
  }

  static OptionSpec socket() {
    return text(
        "--socket",
        "FILE",
        "The admin socket (default: $PYCACHED_SOCKET, else pycached/admin.sock below the runtime directory).");
  }

  static OptionSpec output() {
    return OptionSpec.builder("-o", "--output")
        .paramLabel("FORMAT")
        .type(String.class)
        .completionCandidates(List.of("text", "json"))
        .description("How to print the result: text (default) or json.")
        .build();
  }

  /** An option that may be repeated. */
  static OptionSpec projects(String description) {
    return OptionSpec.builder("--project")
        .paramLabel("NAME")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity("1")
        .description(description + "; may be repeated.")
        .build();
  }

  static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name).type(boolean.class).arity("0").description(description).build();
  }

  static OptionSpec text(String name, String label, String description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(String.class)
        .description(description)
        .build();
  }

  /**
   * {@return the arguments that are no options} There is one such parameter in a command, so its
   * arity bounds them all.
   */
  static PositionalParamSpec positional(String label, String arity, String description) {
    return positional(label, Range.valueOf(arity).max() == 1 ? "0" : "0..*", arity, description);
  }

  /** {@return the arguments from the second one on} */
  static PositionalParamSpec furtherPositional(String label, String description) {
    return positional(label, "1..*", "0..*", description);
  }

  private static PositionalParamSpec positional(
      String label, String index, String arity, String description) {
    Range count = Range.valueOf(arity);
    return PositionalParamSpec.builder()
        .paramLabel(label)
        .index(index)
        .arity(arity)
        // picocli derives it from the arity of annotated fields only.
        .required(count.min() > 0)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .description(description)
        .build();
  }

  World world() {
    return world;
  }

  boolean has(String flag) {
    return parsed.hasMatchedOption(flag)
        && Boolean.TRUE.equals(parsed.matchedOptionValue(flag, false));
  }

  Optional<String> value(String option) {
    return Optional.ofNullable(parsed.matchedOptionValue(option, (String) null));
  }

  /**
   * {@return the value of an option that is a path, raw}
   *
   * @throws CommandFailure if it is empty, which elsewhere means the working directory
   */
  private Optional<String> pathValue(String option) throws CommandFailure {
    Optional<String> value = value(option);
    if (value.isPresent() && value.get().isEmpty()) {
      throw new CommandFailure(ExitStatus.USAGE, option + ": expected a path, found an empty word");
    }
    return value;
  }

  /** {@return what was said with an option that may be repeated} */
  List<String> values(String option) {
    List<String> values = parsed.matchedOptionValue(option, List.of());
    return values == null ? List.of() : values;
  }

  List<String> positionals() {
    return given(0);
  }

  /** The arguments of the parameter whose first one has the index {@code first}. */
  private List<String> given(int first) {
    List<String> arguments = parsed.matchedPositionalValue(first, List.of());
    return arguments == null ? List.of() : arguments;
  }

  Output format() throws CommandFailure {
    String name = value("--output").orElse("text");
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "text" -> Output.TEXT;
      case "json" -> Output.JSON;
      default ->
          throw new CommandFailure(
              ExitStatus.USAGE, "--output: expected text or json, found " + name);
    };
  }

  boolean isJson() throws CommandFailure {
    return format() == Output.JSON;
  }

  /**
   * {@return the projects that {@code --project} names}
   *
   * @throws CommandFailure if one is not configured, or DIRs are named as well
   */
  List<String> projectNames(Settings settings) throws CommandFailure {
    List<String> names = values("--project");
    if (!names.isEmpty() && !positionals().isEmpty()) {
      throw new CommandFailure(
          ExitStatus.USAGE, "--project: expected no DIR with it; a project's is configured");
    }
    requireProjects(names, settings);
    return names;
  }

  /**
   * Makes sure that all of {@code names} are configured.
   *
   * @throws CommandFailure if one is not
   */
  static void requireProjects(List<String> names, Settings settings) throws CommandFailure {
    List<String> known = settings.projects().stream().map(ProjectSettings::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new CommandFailure(
            ExitStatus.USAGE,
            "no such project: "
                + name
                + (known.isEmpty()
                    ? "; none is configured"
                    : ", configured are " + String.join(", ", known)));
      }
    }
  }

  /** {@return {@code raw} as a path, below the working directory if it is relative} */
  Path path(String raw) throws CommandFailure {
    if (raw.isEmpty()) {
      throw new CommandFailure(ExitStatus.USAGE, "expected a path, found an empty word");
    }
    try {
      return world
          .workingDirectory()
          .resolve(RawPath.toPath(world.workingDirectory().getFileSystem(), raw));
    } catch (InvalidPathException invalid) {
      throw new CommandFailure(ExitStatus.USAGE, "not a path: " + RawPath.display(raw));
    }
  }

  /**
   * {@return the settings of this invocation, all layers read}
   *
   * @throws CommandFailure with every error in them
   */
  Settings settings() throws CommandFailure, IOException {
    try {
      return settingsSource().read();
    } catch (ConfigException wrong) {
      throw failure(wrong);
    }
  }

  /** {@return what reads the settings of this invocation, as often as it is asked} */
  Daemon.SettingsSource settingsSource() throws CommandFailure, IOException {
    Overrides overrides =
        new Overrides(
            normalized(pathValue("--prefix")), normalized(pathValue("--socket")), directories());
    Optional<String> named =
        pathValue("--config")
            .or(() -> Optional.of(world.variable("PYCACHED_CONFIG")).filter(v -> !v.isEmpty()));
    SettingsReader reader =
        named.isPresent()
            ? SettingsReader.ofNamedFile(path(named.get()), Locations.defaults(world), NOT_SETTINGS)
            : SettingsReader.ofUsualFile(
                world.workingDirectory().resolve(Locations.CONFIG),
                Locations.defaults(world),
                NOT_SETTINGS);
    return () -> reader.read(world.environment(), overrides);
  }

  static CommandFailure failure(ConfigException wrong) {
    return new CommandFailure(
        ExitStatus.USAGE,
        wrong.errors().stream().map(Object::toString).collect(Collectors.joining("\n")));
  }

  /**
   * {@return the admin socket that is named} For commands that read no settings.
   *
   * @throws CommandFailure if the name is empty
   */
  Optional<String> socketValue() throws CommandFailure {
    return pathValue("--socket");
  }

  /**
   * {@return the settings, after a look at the directories that the command line names}
   *
   * <p>Whoever types a tree means one that is there. A project of the configuration may be on a
   * disk that is not mounted now: it is looked at as it is, vanished.
   *
   * @throws CommandFailure if one of them is no directory, too
   */
  Settings settingsForDirectories() throws CommandFailure, IOException {
    for (Path directory : directories()) {
      Places.requireDirectory("DIR", directory);
    }
    return settings();
  }

  /** {@return the DIRs of a command that takes them, absolute} */
  List<Path> directories() throws CommandFailure {
    List<Path> directories = new ArrayList<>();
    for (PositionalParamSpec parameter : parsed.commandSpec().positionalParameters()) {
      if (parameter.paramLabel().startsWith("DIR")) {
        for (String raw : given(parameter.index().min())) {
          directories.add(path(raw).normalize());
        }
      }
    }
    return directories;
  }

  private Optional<Path> normalized(Optional<String> raw) throws CommandFailure {
    return raw.isPresent() ? Optional.of(path(raw.get()).normalize()) : Optional.empty();
  }
}
