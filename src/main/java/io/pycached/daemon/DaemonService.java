package io.pycached.daemon;

import io.pycached.admin.AdminService;
import io.pycached.admin.Answer;
import io.pycached.admin.Format;
import io.pycached.admin.Health;
import io.pycached.admin.State;
import io.pycached.admin.WriteOperation;
import io.pycached.admin.WriteRequest;
import io.pycached.metrics.Meters;
import io.pycached.metrics.Scrape;
import io.pycached.policy.PurgePolicy;
import io.pycached.reconcile.Atlas;
import io.pycached.reconcile.Errand;
import io.pycached.reconcile.Inquiry;
import io.pycached.reconcile.Mode;
import io.pycached.reconcile.Reconciler;
import io.pycached.reconcile.SinglePass;
import io.pycached.reconcile.Sweep;
import io.pycached.reconcile.Territory;
import io.pycached.reconcile.TerritoryStatus;
import io.pycached.report.WhyReport;
import io.pycached.report.WorkReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/** What the admin endpoint serves: the daemon's state, and requests to its reconciler. */
final class DaemonService implements AdminService {
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int FAILED = 500;
  private static final int UNAVAILABLE = 503;

  private final Vitals vitals;
  private final Reconciler reconciler;
  private final Limiting limiting;
  private final Meters meters;
  private volatile Assembly assembly;

  DaemonService(
      Vitals vitals, Reconciler reconciler, Limiting limiting, Meters meters, Assembly assembly) {
    this.vitals = vitals;
    this.reconciler = reconciler;
    this.limiting = limiting;
    this.meters = meters;
    this.assembly = assembly;
  }

  void assembly(Assembly next) {
    this.assembly = next;
  }

  @Override
  public Health alive() {
    return new Health(true, "ok");
  }

  @Override
  public Health ready() {
    return vitals.ready();
  }

  @Override
  public State state() {
    return vitals.state();
  }

  @Override
  public String status(Format format) {
    return switch (format) {
      case JSON -> written(vitals.report()::writeJson);
      case TEXT -> written(vitals.report()::writeText);
    };
  }

  @Override
  public Answer metrics(String accept) {
    Scrape scrape = meters.scrape(accept);
    return new Answer(200, scrape.contentType(), scrape.body());
  }

  @Override
  public Answer why(Path path, Format format) {
    try {
      List<Inquiry.Answer> answers = assembly.inquiry().about(path.normalize());
      return switch (format) {
        case JSON -> Answer.json(written(out -> WhyReport.writeJson(out, path, answers)));
        case TEXT -> Answer.text(written(out -> WhyReport.writeText(out, path, answers)));
      };
    } catch (NoSuchFileException missing) {
      return Answer.error(NOT_FOUND, path + ": no such file", format);
    } catch (IOException failed) {
      return Answer.error(FAILED, path + ": " + failed.getMessage(), format);
    }
  }

  @Override
  public Answer write(WriteRequest request, Format format) throws InterruptedException {
    if (!request.variants().isEmpty()
        && (request.operation() != WriteOperation.SYNC || request.paths().isEmpty())) {
      return Answer.error(
          BAD_REQUEST,
          "variant: expected a path to sync with it; a project's are configured",
          format);
    }
    return switch (request.operation()) {
      case RECONCILE, PRUNE -> sweep(request, format);
      case SYNC -> sync(request, format);
      case PURGE ->
          request.projects().isEmpty() || !request.paths().isEmpty()
              ? Answer.error(BAD_REQUEST, "purge takes the names of projects", format)
              : sweep(request, format);
    };
  }

  private Answer sweep(WriteRequest request, Format format) throws InterruptedException {
    WorkReport report = new WorkReport(request.dryRun());
    long start = System.nanoTime();
    try {
      List<CompletableFuture<TerritoryStatus>> sweeps = new ArrayList<>();
      for (Atlas.Place place : places(request)) {
        if (request.operation() == WriteOperation.PURGE
            && place.territory() instanceof Territory.Unclaimed) {
          throw new IllegalArgumentException("no such project: " + place.territory().name());
        }
        sweeps.add(reconciler.request(place.territory(), errand(request, place), report));
      }
      for (CompletableFuture<TerritoryStatus> sweep : sweeps) {
        report.keeps(sweep.get());
      }
      if (request.operation() == WriteOperation.PRUNE && isWhole(request) && !request.dryRun()) {
        limiting.enforce(report);
      }
    } catch (IllegalArgumentException unknown) {
      return Answer.error(BAD_REQUEST, String.valueOf(unknown.getMessage()), format);
    } catch (RejectedExecutionException busy) {
      return Answer.error(UNAVAILABLE, String.valueOf(busy.getMessage()), format);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RejectedExecutionException cancelled) {
        return Answer.error(UNAVAILABLE, String.valueOf(cancelled.getMessage()), format);
      }
      return Answer.error(FAILED, String.valueOf(failed.getCause()), format);
    }
    return answer(report, Duration.ofNanos(System.nanoTime() - start), format);
  }

  private static boolean isWhole(WriteRequest request) {
    return request.paths().isEmpty() && request.projects().isEmpty();
  }

  private static Errand errand(WriteRequest request, Atlas.Place place) {
    Mode mode = request.dryRun() ? Mode.DRY_RUN : Mode.APPLY;
    boolean purge = request.operation() == WriteOperation.PURGE;
    boolean full = request.full() || purge;
    Errand errand =
        Errand.of(place.relative(), mode, full ? Sweep.Reach.FULL : Sweep.Reach.TREE)
            .confirmed(request.confirmed());
    return purge ? errand.by(new PurgePolicy()) : errand;
  }

  /**
   * Surveys the territories in full and waits until all that they need is made. What the reconciler
   * does in them meanwhile does no harm: every action looks again before it acts.
   */
  private Answer sync(WriteRequest request, Format format) {
    Mode mode = request.dryRun() ? Mode.DRY_RUN : Mode.APPLY;
    WorkReport report = new WorkReport(request.dryRun());
    long start = System.nanoTime();
    try {
      NamedVariants named = named(request);
      List<Territory> territories = trees(request, named);
      unmet(named).forEach(report::warn);
      new SinglePass(territories, assembly.reconciler())
          .run(mode, request.confirmed(), report)
          .forEach(report::keeps);
    } catch (IllegalArgumentException unknown) {
      return Answer.error(BAD_REQUEST, String.valueOf(unknown.getMessage()), format);
    } catch (CompletionException stopping) {
      return Answer.error(UNAVAILABLE, String.valueOf(stopping.getCause()), format);
    }
    return answer(report, Duration.ofNanos(System.nanoTime() - start), format);
  }

  /**
   * The projects that are named, and the trees as projects of their own, be it a project's root:
   * who names a tree wants all of it compiled.
   */
  private List<Territory> trees(WriteRequest request, NamedVariants named) {
    Assembly now = assembly;
    List<Territory> trees = new ArrayList<>();
    for (Atlas.Place place : places(request)) {
      boolean isTree = trees.size() < request.paths().size();
      trees.add(isTree ? now.tree(place, named) : place.territory());
    }
    return trees;
  }

  private static NamedVariants named(WriteRequest request) {
    try {
      return NamedVariants.parse(request.variants());
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("variant: " + wrong.getMessage(), wrong);
    }
  }

  private List<String> unmet(NamedVariants named) {
    return assembly.reconciler().builds().stream()
        .map(builds -> builds.workshop().toolchain().interpreters())
        .flatMap(interpreters -> named.unmet(interpreters).stream())
        .map(line -> "variant: " + line)
        .toList();
  }

  private static Answer answer(WorkReport report, Duration elapsed, Format format) {
    Answer answer =
        switch (format) {
          case JSON -> Answer.json(written(out -> report.writeJson(out, elapsed)));
          case TEXT ->
              Answer.text(
                  written(
                      out -> {
                        report.writeWarnings(out);
                        report.writeText(out, elapsed);
                      }));
        };
    return report.isPartial() ? answer.partly() : answer;
  }

  private List<Atlas.Place> places(WriteRequest request) {
    List<Territory> territories = assembly.territories();
    List<Atlas.Place> places = new ArrayList<>();
    for (Path path : request.paths()) {
      places.add(new Atlas(territories).ofSource(path.normalize()));
    }
    for (String name : request.projects()) {
      Territory known =
          territories.stream()
              .filter(territory -> territory.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no such project: " + name));
      places.add(new Atlas.Place(known, root(known)));
    }
    if (places.isEmpty()) {
      territories.forEach(territory -> places.add(new Atlas.Place(territory, root(territory))));
    }
    return places;
  }

  private static Path root(Territory territory) {
    return territory.prefix().path().getFileSystem().getPath("");
  }

  private interface Document {
    void writeTo(PrintWriter out);
  }

  private static String written(Document document) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    document.writeTo(out);
    out.flush();
    return text.toString();
  }
}
