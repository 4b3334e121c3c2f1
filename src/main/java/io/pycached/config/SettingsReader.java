package io.pycached.config;

import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the configuration: built-in defaults, then the main file, then {@code conf.d/*.toml} beside
 * it in lexical order, then {@code PYCACHED_…} variables, then the command line. A later layer wins
 * key by key; {@code [[project]]} tables accumulate over the files, and directories of the command
 * line replace them.
 *
 * <p>A variable's name is the key's in upper case, with {@code __} for nesting and {@code _} for a
 * dash: {@code PYCACHED_LIMITS__MAX_SIZE}. {@code PYCACHED_SOCKET} sets {@code admin.socket}. A
 * list is a TOML array on one line or words between commas. An empty variable is not set.
 *
 * <p>Nothing is read before {@link #read} and nothing kept after it, so that one reader serves
 * every reload.
 */
public final class SettingsReader {

  private final Path file;
  private final boolean required;
  private final Defaults defaults;
  private final Set<String> ignoredVariables;

  private SettingsReader(
      Path file, boolean required, Defaults defaults, Set<String> ignoredVariables) {
    this.file = file;
    this.required = required;
    this.defaults = defaults;
    this.ignoredVariables = Set.copyOf(ignoredVariables);
  }

  /**
   * A reader of the usual main file, which may be missing.
   *
   * @param ignoredVariables names that start with {@code PYCACHED_} and are not settings
   */
  public static SettingsReader ofUsualFile(
      Path file, Defaults defaults, Set<String> ignoredVariables) {
    return new SettingsReader(file, false, defaults, ignoredVariables);
  }

  /**
   * A reader of a main file that the user named, which must exist.
   *
   * @param ignoredVariables names that start with {@code PYCACHED_} and are not settings
   */
  public static SettingsReader ofNamedFile(
      Path file, Defaults defaults, Set<String> ignoredVariables) {
    return new SettingsReader(file, true, defaults, ignoredVariables);
  }

  /**
   * Reads all layers.
   *
   * @throws ConfigException if anything is wrong with any layer; it carries every error
   */
  public Settings read(Map<String, String> environment, Overrides overrides)
      throws ConfigException {
    Problems problems = new Problems();
    FileSystem fileSystem = defaults.prefix().getFileSystem();
    Layers layers = new Layers(fileSystem, problems);
    layers.addFile(file, required);
    layers.addFragments(file.resolveSibling("conf.d"));
    layers.addEnvironment(environment, ignoredVariables);

    Assignments assignments = layers.assignments();
    Projects configured = Projects.ofTables(layers.projects(), fileSystem, problems);
    List<Path> directories = overrides.directories();
    Projects projects =
        directories.isEmpty() ? configured : Projects.ofDirectories(directories, problems);
    Optional<Path> written = assignments.read(Key.PREFIX);
    Path prefix = overrides.prefix().or(() -> written).orElse(defaults.prefix());
    boolean prefixKnown = overrides.prefix().isPresent() || !assignments.has(Key.PREFIX);
    if (prefixKnown || written.isPresent()) {
      projects.requireOutside(prefix);
    }
    Settings settings =
        new Settings(
            prefix,
            trust(assignments, problems),
            admin(assignments, overrides),
            projects.all(),
            interpreters(assignments),
            limits(assignments),
            new Settings.Unclaimed(
                assignments.read(Key.PRUNE_MISSING, Settings.Unclaimed.DEFAULTS.pruneMissing()),
                assignments.read(Key.SAME_CONTAINER, Settings.Unclaimed.DEFAULTS.sameContainer())),
            new Settings.Scrub(
                assignments.read(Key.SCRUB_RATE, Settings.Scrub.DEFAULTS.rate()),
                assignments.read(Key.SCRUB_EVERY, Settings.Scrub.DEFAULTS.every())),
            watch(assignments));
    problems.throwIfAny();
    return settings;
  }

  private static Settings.Trust trust(Assignments assignments, Problems problems) {
    Writers writers = assignments.read(Key.WRITERS, Settings.Trust.DEFAULTS.writers());
    Optional<String> group = assignments.read(Key.TRUSTED_GROUP);
    if (group.isPresent() && writers != Writers.USERS) {
      problems.add(
          assignments.origin(Key.TRUSTED_GROUP).orElseThrow(),
          "trusted-group: expected writers = \"users\" beside it, found writers = \"daemon\"");
    }
    return new Settings.Trust(writers, group);
  }

  private Settings.Admin admin(Assignments assignments, Overrides overrides) {
    Path socket = assignments.read(Key.SOCKET, defaults.socket());
    return new Settings.Admin(
        overrides.socket().orElse(socket),
        assignments.read(Key.LISTEN),
        assignments.read(Key.ADMINS, List.of()));
  }

  private static Settings.Interpreters interpreters(Assignments assignments) {
    Settings.Interpreters defaults = Settings.Interpreters.DEFAULTS;
    return new Settings.Interpreters(
        assignments.read(Key.DISCOVER, defaults.discover()),
        assignments.read(Key.EXECUTABLES, defaults.executables()));
  }

  private static Settings.Limits limits(Assignments assignments) {
    Settings.Limits defaults = Settings.Limits.DEFAULTS;
    return new Settings.Limits(
        Bounds.read(assignments, Key.MAX_SIZE, Key.MAX_FILES, Key.MAX_AGE),
        assignments.read(Key.LOW_WATER, defaults.lowWater()),
        assignments.read(Key.MIN_AGE, defaults.minAge()),
        assignments.read(Key.ORPHAN_GRACE, defaults.orphanGrace()),
        assignments.read(Key.TEMPORARY_AGE, defaults.temporaryAge()),
        assignments.read(Key.MASS_DELETION, defaults.massDeletion()));
  }

  private static Settings.Watch watch(Assignments assignments) {
    Settings.Watch defaults = Settings.Watch.DEFAULTS;
    return new Settings.Watch(
        assignments.read(Key.DEBOUNCE, defaults.debounce()),
        assignments.read(Key.FULL_SURVEY, defaults.fullSurvey()),
        assignments.read(Key.POLL_INTERVAL, defaults.pollInterval()),
        assignments.read(Key.ROOT_CHECK, defaults.rootCheck()));
  }
}
