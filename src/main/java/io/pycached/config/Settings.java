package io.pycached.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be set, checked and with the defaults filled in.
 *
 * @param prefix the pycache prefix, absolute
 * @param trust who may write to the prefix
 * @param admin the admin endpoint
 * @param projects the source trees, in the order of the configuration; names and paths are unique
 * @param interpreters where interpreters come from
 * @param limits what bounds the prefix
 * @param unclaimed files of the prefix that belong to no project
 * @param scrub how often all bytecode is looked at closely
 * @param watch how soon a change is noticed
 */
public record Settings(
    Path prefix,
    Trust trust,
    Admin admin,
    List<ProjectSettings> projects,
    Interpreters interpreters,
    Limits limits,
    Unclaimed unclaimed,
    Scrub scrub,
    Watch watch) {

  /** Settings of these parts. */
  public Settings {
    projects = List.copyOf(projects);
  }

  /** {@return the same with other projects} */
  public Settings withProjects(List<ProjectSettings> others) {
    return new Settings(
        prefix, trust, admin, others, interpreters, limits, unclaimed, scrub, watch);
  }

  /**
   * Who may write to the prefix.
   *
   * @param trustedGroup the name of the group whose members may, too; only under {@link
   *     Writers#USERS}
   */
  public record Trust(Writers writers, Optional<String> trustedGroup) {

    static final Trust DEFAULTS = new Trust(Writers.DAEMON, Optional.empty());
  }

  /**
   * The admin endpoint.
   *
   * @param socket the Unix socket, absolute
   * @param listen the loopback address for Prometheus and a browser, if one is wanted
   * @param admins names or numeric ids of the users who may call the write commands, beside root
   *     and the daemon's own user
   */
  public record Admin(Path socket, Optional<ListenAddress> listen, List<String> admins) {

    /** An endpoint with its own copy of the list. */
    public Admin {
      admins = List.copyOf(admins);
    }
  }

  /**
   * Where interpreters come from.
   *
   * @param discover whether to look for interpreters in the usual places
   * @param executables interpreters to use in any case, absolute
   */
  public record Interpreters(boolean discover, List<Path> executables) {

    static final Interpreters DEFAULTS = new Interpreters(true, List.of());

    /** Interpreters with their own copy of the list. */
    public Interpreters {
      executables = List.copyOf(executables);
    }
  }

  /**
   * What bounds the prefix, and when something goes.
   *
   * @param bounds of the whole prefix
   * @param lowWater the share of a bound that pruning goes down to, in (0, 1]
   * @param minAge time that bytecode must have been left alone before a bound makes it go
   * @param orphanGrace time that a source must have been gone before its bytecode goes
   * @param temporaryAge time after which what an interrupted writer left goes
   * @param massDeletion the share of a project's bytecode that may go at once because its sources
   *     are gone, in (0, 1]; more waits for a second survey
   */
  public record Limits(
      Bounds bounds,
      double lowWater,
      Duration minAge,
      Duration orphanGrace,
      Duration temporaryAge,
      double massDeletion) {

    static final Limits DEFAULTS =
        new Limits(
            Bounds.NONE,
            0.9,
            Duration.ofHours(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            0.5);
  }

  /**
   * Files of the prefix that belong to no project.
   *
   * @param pruneMissing whether a source outside every project may count as gone
   * @param sameContainer whether, in a container, all who use the prefix are in this one
   */
  public record Unclaimed(boolean pruneMissing, boolean sameContainer) {

    static final Unclaimed DEFAULTS = new Unclaimed(false, false);
  }

  /**
   * How often all bytecode is looked at closely, in the background.
   *
   * @param rate bytes in a second
   * @param every time from the start of one round to that of the next
   */
  public record Scrub(long rate, Duration every) {

    static final Scrub DEFAULTS = new Scrub(1 << 20, Duration.ofDays(1));
  }

  /**
   * How soon a change is noticed.
   *
   * @param debounce quiet time before a changed directory is surveyed
   * @param fullSurvey time between two surveys of everything, before the daemon's jitter
   * @param pollInterval time between two surveys of a tree that cannot be watched
   * @param rootCheck time between two looks at whether a project's root is still there
   */
  public record Watch(
      Duration debounce, Duration fullSurvey, Duration pollInterval, Duration rootCheck) {

    static final Watch DEFAULTS =
        new Watch(
            Duration.ofMillis(200),
            Duration.ofMinutes(12),
            Duration.ofSeconds(30),
            Duration.ofSeconds(3));
  }
}
