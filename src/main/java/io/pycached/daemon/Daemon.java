package io.pycached.daemon;

import io.pycached.admin.AdminEndpoint;
import io.pycached.admin.AdminServer;
import io.pycached.audit.FlawLedger;
import io.pycached.compile.Search;
import io.pycached.config.ConfigException;
import io.pycached.config.Settings;
import io.pycached.fs.PrefixLock;
import io.pycached.journal.Journal;
import io.pycached.journal.Journaling;
import io.pycached.layout.PycachePrefix;
import io.pycached.metrics.Meters;
import io.pycached.reconcile.ReconcileListener;
import io.pycached.reconcile.Reconciler;
import io.pycached.reconcile.Rewrites;
import io.pycached.reconcile.Scrutiny;
import io.pycached.reconcile.Sweep;
import io.pycached.reconcile.Territory;
import io.pycached.reconcile.TerritoryStatus;
import io.pycached.report.Text;
import io.pycached.survey.BodyCheck;
import io.pycached.systemd.Notifier;
import io.pycached.systemd.Surroundings;
import io.pycached.watch.ProjectWatches;
import io.pycached.watch.WatchSettings;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon: everything that runs, started in order and stopped in reverse.
 *
 * <p>{@link #reload} and {@link #close} may be called by any thread, one at a time.
 */
public final class Daemon implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(Daemon.class);

  /** How many sources are compiled at a time. */
  private static final int WORKERS = Runtime.getRuntime().availableProcessors();

  private static final String ELSEWHERE = "sources-elsewhere";
  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

  private static final String CONFIG_PROBLEM = "config-invalid";

  /** Reads the settings, now and on each reload. */
  public interface SettingsSource {
    /**
     * {@return the settings as they are now}
     *
     * @throws ConfigException with every error in them
     */
    Settings read() throws ConfigException;
  }

  /** Knows where this process looks for interpreters. */
  public interface SearchSource {
    /** {@return where to look with these settings} */
    Search of(Settings.Interpreters settings) throws IOException;
  }

  private final SettingsSource source;
  private final InstantSource clock;
  private final Parts parts = new Parts();
  private final Problems problems;
  private final Settings settings;
  private final Meters meters;
  private final Warming warming;
  private final Scrutiny scrutiny;
  private final Probing probing;
  private final Reconciler reconciler;
  private final Remembering remembering;
  private final Limiting limiting;
  private final Scrub scrub;
  private final WatchBridge bridge;
  private final ProjectWatches watches;
  private final Vitals vitals;
  private final DaemonService service;
  private final AdminServer admin;
  private final Notifier notifier;

  private Daemon(
      SettingsSource source,
      Search search,
      Settings settings,
      String version,
      Surroundings surroundings,
      InstantSource clock)
      throws IOException {
    this.source = source;
    this.settings = settings;
    this.clock = clock;
    this.problems = new Problems(clock);
    Path prefix = settings.prefix();
    AdminEndpoint endpoint = Listening.endpoint(settings.admin(), surroundings);
    PrefixDirectory.create(prefix, settings.trust());
    parts.push(
        PrefixLock.acquire(
            prefix,
            PycachePrefix.LOCK_FILE,
            "pycached, pid %d, socket %s"
                .formatted(ProcessHandle.current().pid(), endpoint.socket())));
    try {
      AdminServer.requireFree(endpoint);
      PrefixDirectory.tag(prefix);
      this.probing = new Probing(prefix, search, settings.interpreters().executables(), problems);
      this.warming =
          Warming.of(
              prefix,
              Trusting.access(settings.trust()),
              probing.interpreters(),
              WORKERS,
              true,
              clock);
      parts.push(warming::close);
      probing.wants(settings.projects());
      probing.start();
      this.remembering = new Remembering(prefix);
      remembering.load();
      parts.push(remembering::save);
      RootsFile roots = new RootsFile(prefix);
      roots.load();
      parts.push(roots::save);
      FlawLedger flaws = new FlawLedger(clock);
      this.scrutiny = Trusting.scrutiny(settings, flaws);
      Assembly assembly = assembly(settings);
      this.meters = new Meters(version, System.getProperty("java.version", ""), Path.of("/proc"));
      Journal journal =
          Journal.start(
              prefix, PycachePrefix.STATE_DIRECTORY, new JournalHealth(problems, meters), clock);
      parts.push(journal);
      Instant startedAt = clock.instant();
      Rewrites rewrites = new Rewrites(clock);
      FailedChanges changes = new FailedChanges(prefix, clock);
      FailedSurveys failedSurveys = new FailedSurveys(clock);
      OpenProblems open =
          new OpenProblems(
              problems, flaws, rewrites, changes, failedSurveys, warming.compilers(), startedAt);
      ReconcileListener heard =
          ReconcileListener.both(
              ReconcileListener.both(changes, failedSurveys),
              ReconcileListener.both(new Metering(meters), new Journaling(journal, clock)));
      this.reconciler =
          new Reconciler(
              assembly.reconciler(),
              roots.volumes(),
              ReconcileListener.both(heard, rewrites),
              new ForkJoinPool(),
              settings.watch().debounce());
      reconciler.territories(assembly.territories());
      reconciler.start();
      parts.push(reconciler::close);
      warming.start(new Making(heard, problems, reconciler));
      this.limiting =
          new Limiting(
              reconciler, warming, probing, problems, Allowances.of(settings, MOUNTINFO), clock);
      limiting.start();
      parts.push(limiting::close);
      this.scrub =
          new Scrub(
              reconciler, remembering, settings.scrub().rate(), settings.scrub().every(), clock);
      scrub.start();
      parts.push(scrub::close);
      SurveySchedule surveys =
          new SurveySchedule(
              reconciler,
              clock,
              settings.watch().fullSurvey(),
              new ReconcileListener() {
                @Override
                public void corrected(Territory territory, Path relative) {
                  meters.missedByWatch();
                }
              },
              (took, inFull) -> {
                meters.fullSurvey(took);
                probing.refresh();
                limiting.surveyed();
                scrub.surveyed();
                roots.save();
                if (inFull) {
                  remembering.known().turn();
                  remembering.save();
                }
              });
      surveys.start();
      parts.push(surveys::close);
      this.bridge =
          new WatchBridge(reconciler, problems, assembly.mirrors(), assembly.territories());
      this.watches =
          ProjectWatches.start(assembly.watched(), prefix, bridge, watchSettings(settings));
      parts.push(watches::close);
      this.vitals =
          new Vitals(
              version,
              assembly.prefix(),
              reconciler,
              watches,
              surveys,
              warming,
              probing,
              limiting,
              scrub,
              open,
              startedAt,
              clock);
      meters.observe(() -> Gauges.of(vitals.report(), flaws.standing(), vitals.ready().ok()));
      this.service = new DaemonService(vitals, reconciler, limiting, meters, assembly);
      this.admin =
          AdminServer.start(
              endpoint,
              service,
              (route, status, nanos) ->
                  meters.adminRequest(route, status, Duration.ofNanos(nanos)));
      parts.push(admin::close);
      this.notifier = Notifier.start(surroundings, new Notified(vitals, reconciler));
      parts.push(notifier::close);
      log.info(
          "pycached {} keeps {}: {}, admin socket {}",
          version,
          prefix,
          Text.projects(settings.projects().size()),
          endpoint.socket());
    } catch (IOException | RuntimeException failed) {
      parts.close();
      throw failed;
    }
  }

  /**
   * {@return the running daemon} It is ready a little later: ask the admin endpoint.
   *
   * @param search where it looks for interpreters
   * @param surroundings what a service manager wants of it
   * @throws ConfigException if the settings have errors
   * @throws PrefixLock.HeldException if another process looks after the prefix
   * @throws IOException if the prefix or the socket cannot be used
   */
  public static Daemon start(
      SettingsSource source,
      SearchSource search,
      String version,
      Surroundings surroundings,
      InstantSource clock)
      throws ConfigException, IOException {
    Settings settings = source.read();
    return new Daemon(
        source, search.of(settings.interpreters()), settings, version, surroundings, clock);
  }

  /**
   * Reads the settings again and takes over what may change. Settings with errors leave those in
   * force as they are.
   */
  public void reload() {
    notifier.reloading(this::readAgain);
  }

  private void readAgain() {
    Settings next;
    try {
      next = source.read();
    } catch (ConfigException wrong) {
      wrong.errors().forEach(error -> log.error("{}", error));
      problems.raise(
          CONFIG_PROBLEM,
          "",
          "the configuration has %d errors, the old one stays in force; the first: %s"
              .formatted(wrong.errors().size(), wrong.errors().get(0)));
      meters.reloaded(false, clock.instant());
      return;
    }
    try {
      admin.admins(next.admin().admins());
    } catch (IOException unknown) {
      log.error("admin.admins: {}", unknown.getMessage());
      problems.raise(CONFIG_PROBLEM, "", "admin.admins: " + unknown.getMessage());
      meters.reloaded(false, clock.instant());
      return;
    }
    Assembly assembly = assembly(next);
    Set<Territory> before =
        reconciler.status().stream().map(TerritoryStatus::territory).collect(Collectors.toSet());
    reconciler.territories(assembly.territories());
    bridge.territories(assembly.territories());
    service.assembly(assembly);
    limiting.allowances(Allowances.of(next, MOUNTINFO));
    probing.wants(next.projects());
    for (Territory territory : assembly.territories()) {
      if (!before.contains(territory)) {
        // Nothing is known of it; the next full survey is far away.
        reconciler.dirty(territory, next.prefix().getFileSystem().getPath(""), Sweep.Reach.TREE);
      }
    }
    watches.update(assembly.watched());
    problems.clear(CONFIG_PROBLEM, "");
    meters.reloaded(true, clock.instant());
    if (Restart.isNeeded(settings, next)) {
      log.warn("{} change with a restart only", Restart.SETTINGS);
    }
    log.info("reloaded: {}", Text.projects(next.projects().size()));
  }

  private Assembly assembly(Settings of) {
    if (of.unclaimed().pruneMissing() && Container.hidesSources(of.unclaimed())) {
      problems.raise(
          ELSEWHERE,
          "",
          "unclaimed.prune-missing has no effect in a container, where the sources of others cannot"
              + " be seen: to what belongs to no project, only max-size, max-files and max-age"
              + " apply");
    } else {
      problems.clear(ELSEWHERE, "");
    }
    return Assembly.of(of, BodyCheck.NEVER, clock, remembering.known(), Optional.of(warming))
        .auditing(scrutiny);
  }

  private static WatchSettings watchSettings(Settings settings) {
    WatchSettings defaults = WatchSettings.defaults(Path.of("/proc"));
    return new WatchSettings(
        settings.watch().rootCheck(),
        settings.watch().pollInterval(),
        defaults.lossDelay(),
        defaults.firstBackOff(),
        defaults.longestBackOff(),
        defaults.proc());
  }

  /**
   * Stops everything: what was started last first. A sweep that is under way ends its directory.
   */
  @Override
  public void close() throws IOException {
    vitals.stopping();
    log.info("stopping");
    notifier.stopping();
    parts.close();
  }
}
