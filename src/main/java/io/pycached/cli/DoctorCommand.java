package io.pycached.cli;

import io.pycached.admin.AdminClient;
import io.pycached.audit.Ancestors;
import io.pycached.audit.Trusted;
import io.pycached.compile.Interpreters;
import io.pycached.config.Settings;
import io.pycached.config.Writers;
import io.pycached.daemon.Assembly;
import io.pycached.daemon.KnownFile;
import io.pycached.daemon.Trusting;
import io.pycached.doctor.AncestorsCheck;
import io.pycached.doctor.Check;
import io.pycached.doctor.DaemonCheck;
import io.pycached.doctor.DaemonCheck.Answer;
import io.pycached.doctor.Examination;
import io.pycached.doctor.InterpretersCheck;
import io.pycached.doctor.LocaleCheck;
import io.pycached.doctor.MountCheck;
import io.pycached.doctor.OwnersCheck;
import io.pycached.doctor.PermissionsCheck;
import io.pycached.doctor.PrefixCheck;
import io.pycached.doctor.ProcessesCheck;
import io.pycached.doctor.ServicesCheck;
import io.pycached.doctor.SpaceCheck;
import io.pycached.doctor.VariableCheck;
import io.pycached.doctor.WatchLimitCheck;
import io.pycached.layout.Project;
import io.pycached.layout.PycachePrefix;
import io.pycached.report.DoctorReport;
import io.pycached.report.ReceivedStatus;
import io.pycached.survey.BodyCheck;
import io.pycached.survey.KnownFiles;
import io.pycached.survey.SourceHashes;
import io.pycached.survey.Surveyor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pycached doctor}: what is wrong with this machine's set-up, and what mends it. */
final class DoctorCommand implements Command {
  private static final Path PROC = Path.of("/proc");
  private static final Path ETC = Path.of("/etc");
  private static final List<Path> UNITS =
      List.of(
          Path.of("/etc/systemd/system/pycached.service"),
          Path.of("/usr/lib/systemd/system/pycached.service"),
          Path.of("/lib/systemd/system/pycached.service"));
  private static final int SOURCE_HASHES = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  public CommandSpec spec() {
    return Options.command(
            "doctor",
            "Says what is wrong with this machine's set-up, and the command that mends it."
                + " Changes nothing, and needs no daemon.")
        .addOption(Options.prefix())
        .addOption(Options.config())
        .addOption(Options.socket())
        .addOption(Options.output());
  }

  @Override
  public ExitStatus run(Options options) throws CommandFailure, IOException {
    Options.Output format = options.format();
    Settings settings = options.settings();
    World world = options.world();
    Examination examination;
    try (Interpreters interpreters =
        new Interpreters(InterpreterSearch.of(world, settings.interpreters()))) {
      examination = Examination.of(checks(settings, world, interpreters));
    }
    DoctorReport report = new DoctorReport(settings.prefix(), examination);
    switch (format) {
      case JSON -> report.writeJson(world.out());
      case TEXT -> report.writeText(world.out());
    }
    return examination.isAmiss() ? ExitStatus.FINDINGS : ExitStatus.OK;
  }

  private static List<Check> checks(Settings settings, World world, Interpreters interpreters)
      throws IOException {
    Path prefix = settings.prefix();
    KnownFiles known = KnownFile.read(prefix);
    List<Project> projects =
        Assembly.of(settings, BodyCheck.NEVER, world.clock(), known, Optional.empty()).projects();
    boolean usersWrite = settings.trust().writers() == Writers.USERS;
    Trusted trusted = Trusting.trusted(settings.trust(), keeper(settings), ETC);
    Surveyor surveyor =
        new Surveyor(new SourceHashes(SOURCE_HASHES), known, BodyCheck.NEVER, world.clock());
    return List.of(
        new PrefixCheck(prefix, projects),
        new OwnersCheck(new PycachePrefix(prefix), surveyor, trusted),
        new AncestorsCheck(prefix, new Ancestors(trusted)),
        new PermissionsCheck(
            prefix,
            usersWrite,
            settings.trust().trustedGroup(),
            System.getProperty("user.name", "")),
        new SpaceCheck(prefix, new FileSystemRoom()),
        new MountCheck(PROC, prefix),
        new VariableCheck(prefix, world.environment(), usersWrite),
        new ProcessesCheck(PROC, prefix, usersWrite),
        new ServicesCheck(ETC, prefix),
        new InterpretersCheck(
            interpreters,
            settings.interpreters().executables(),
            settings.trust().writers() == Writers.USERS,
            world.variable("PYTHONPYCACHEPREFIX")),
        new WatchLimitCheck(PROC, prefix, projects),
        new DaemonCheck(
            prefix, Version.number(), start(prefix), () -> ask(settings.admin().socket())),
        new LocaleCheck(System.getProperty("sun.jnu.encoding", "")));
  }

  /**
   * The user whom the prefix should belong to: the daemon's, whose the socket is; else the owner,
   * if that is root or this user, and else this user.
   */
  private static int keeper(Settings settings) throws IOException {
    Path socket = settings.admin().socket();
    if (Files.exists(socket)) {
      return owner(socket);
    }
    int user = World.uid();
    return Files.exists(settings.prefix()) && owner(settings.prefix()) == 0 ? 0 : user;
  }

  private static int owner(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:uid");
  }

  private static String start(Path prefix) {
    return UNITS.stream().anyMatch(Files::exists)
        ? "systemctl enable --now pycached"
        : "pycached run --prefix '" + Line.of(prefix).replace("'", "'\\''") + "'";
  }

  private static Answer ask(Path socket) throws IOException {
    AdminClient.Reply reply = AdminClient.get(socket, "/v1/status", "application/json", PATIENCE);
    if (reply instanceof AdminClient.NoDaemon none) {
      return new Answer.Silence(none.line());
    }
    if (reply instanceof AdminClient.Denied denied) {
      return new Answer.Refusal(denied.line());
    }
    try {
      ReceivedStatus status = ReceivedStatus.parse(((AdminClient.Response) reply).body());
      return new Answer.Status(
          status.version(), status.state(), status.prefix(), status.problems());
    } catch (IllegalArgumentException other) {
      throw new IOException(socket + ": " + other.getMessage(), other);
    }
  }
}
