package io.pycached.daemon;

import io.pycached.apply.Access;
import io.pycached.apply.FlawRemover;
import io.pycached.audit.Auditor;
import io.pycached.audit.FlawLedger;
import io.pycached.audit.Trusted;
import io.pycached.audit.TrustedGroup;
import io.pycached.config.Settings;
import io.pycached.config.Writers;
import io.pycached.layout.PycachePrefix;
import io.pycached.reconcile.Scrutiny;
import io.pycached.report.StatusReport.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the settings say of who may write to the prefix, as the domain's values. */
public final class Trusting {
  private static final String PROBLEM_PREFIX = "untrusted-";

  private Trusting() {}

  /** {@return how what is made in the prefix is open to others} */
  public static Access access(Settings.Trust trust) {
    return switch (trust.writers()) {
      case DAEMON -> Access.DAEMON;
      case USERS -> trust.trustedGroup().isPresent() ? Access.GROUP : Access.USERS;
    };
  }

  /**
   * {@return whose files count as the daemon's, who runs as the user {@code user}}
   *
   * @param etc where groups and users are listed
   * @throws IOException if there is no such group
   */
  public static Trusted trusted(Settings.Trust trust, int user, Path etc) throws IOException {
    Optional<TrustedGroup> group = Optional.empty();
    if (trust.trustedGroup().isPresent()) {
      group = Optional.of(TrustedGroup.read(etc, trust.trustedGroup().get()));
    }
    return new Trusted(user, group);
  }

  /** {@return the audit of what is looked at closely; where users write, it removes nothing} */
  static Scrutiny scrutiny(Settings settings, FlawLedger ledger) throws IOException {
    int user = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Auditor auditor = new Auditor(trusted(settings.trust(), user, Path.of("/etc")));
    Optional<FlawRemover> remover =
        settings.trust().writers() == Writers.DAEMON
            ? Optional.of(new FlawRemover(new PycachePrefix(settings.prefix()), auditor))
            : Optional.empty();
    return new Scrutiny(auditor, remover, ledger);
  }

  /** {@return the flaws that stand, as the status tells them} */
  static List<Problem> problems(FlawLedger ledger) {
    List<Problem> problems = new ArrayList<>();
    for (FlawLedger.Standing standing : ledger.standing()) {
      problems.add(
          new Problem(
              PROBLEM_PREFIX + standing.kind().label(),
              "%d in the prefix, the first is %s (%s): its writer runs code as everyone who imports"
                  .formatted(standing.count(), standing.first().path(), standing.first().detail()),
              standing.since()));
    }
    return problems;
  }
}
