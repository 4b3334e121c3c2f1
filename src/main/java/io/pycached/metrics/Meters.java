package io.pycached.metrics;

import com.github.benmanes.caffeine.cache.Cache;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one daemon, in a registry of their own. Safe for use by several threads.
 *
 * <p>Counters start at zero and last as long as this object. What the daemon does is told through
 * the methods here; how it stands is read from a {@link Source} at each scrape.
 */
public final class Meters {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private final Counter removedDirectories;
  private final Counter failures;
  private final Counter adoptedFiles;
  private final Counter adoptedBytes;
  private final Counter refusals;
  private final Counter journalled;
  private final Counter journalLost;
  private final Counter missedByWatch;
  private final Counter surveyedPairs;
  private final Counter unchangedPairs;
  private final Counter surveyedFiles;
  private final Timer fullSurvey;
  private final Labelled<FilesBytes> deletions;
  private final Labelled<FilesBytes> compilations;
  private final Labelled<Counter> skips;
  private final Labelled<Labelled<Timer>> requests;

  private final Standing standing;

  /** Held from the reading to the last line: a scrape shows one reading, and none goes back. */
  private final Object scraping = new Object();

  private volatile Source source = () -> Reading.NOTHING;
  private volatile @Nullable Reload reload;

  /**
   * Registers all meters; loads many classes, which takes some hundred milliseconds the first time.
   *
   * @param version this program's version
   * @param java the version of the virtual machine
   * @param proc where procfs is mounted, for the figures of the process; need not exist
   */
  public Meters(String version, String java, Path proc) {
    removedDirectories =
        counter("pycached_removed_directories_total", "Empty directories removed from the prefix.");
    failures = counter("pycached_failures_total", "Files that an action failed for.");
    adoptedFiles =
        counter("pycached_adopted_files_total", "Files copied from __pycache__ directories.");
    adoptedBytes =
        counter(
            "pycached_adopted_bytes_total",
            "Bytes in the files copied from __pycache__ directories.");
    refusals =
        counter("pycached_refused_sources_total", "Times that a source was found not to compile.");
    journalled = counter("pycached_journal_events_total", "Events written to the journal.");
    journalLost =
        counter("pycached_journal_lost_total", "Events that could not be written to the journal.");
    missedByWatch =
        counter(
            "pycached_watch_missed_total",
            "Changes that a full survey found and the watch had not told.");
    surveyedPairs = surveyedDirectories("surveyed");
    unchangedPairs = surveyedDirectories("unchanged");
    surveyedFiles = counter("pycached_surveyed_files_total", "Bytecode files judged.");
    fullSurvey =
        Timer.builder("pycached_full_survey_seconds")
            .description("Full surveys and the time that they took.")
            .register(registry);
    deletions =
        new Labelled<>(
            reason ->
                new FilesBytes(
                    counter(
                        "pycached_deleted_files_total",
                        "Files deleted from the prefix.",
                        "reason",
                        reason),
                    counter(
                        "pycached_deleted_bytes_total",
                        "Bytes in the files deleted from the prefix.",
                        "reason",
                        reason)));
    compilations =
        new Labelled<>(
            reason ->
                new FilesBytes(
                    counter(
                        "pycached_compiled_files_total",
                        "Files compiled and written to the prefix.",
                        "reason",
                        reason),
                    counter(
                        "pycached_compiled_bytes_total",
                        "Bytes in the files compiled and written to the prefix.",
                        "reason",
                        reason)));
    skips =
        new Labelled<>(
            reason ->
                counter(
                    "pycached_skipped_total",
                    "Planned actions left out because something had changed meanwhile.",
                    "reason",
                    reason));
    requests = new Labelled<>(route -> new Labelled<>(status -> requests(route, status)));

    standing = new Standing(registry);
    // The dot: by this suffix Micrometer knows an info metric, which OpenMetrics has a type for.
    Gauge.builder("pycached_build.info", () -> 1)
        .description("The version of pycached and of the virtual machine.")
        .tags("version", version, "java", java)
        .register(registry);
    new ProcessMeters(registry, proc).register();
    JvmMeters.register(registry);
  }

  /** Reads the gauges from {@code source} from now on; before, they tell that nothing is there. */
  public void observe(Source source) {
    this.source = source;
  }

  /** Shows the hits, misses and size of {@code cache}, which must record them, as {@code name}. */
  public void observe(Cache<?, ?> cache, String name) {
    CaffeineCacheMetrics.monitor(registry, cache, name);
  }

  /** Counts a file deleted from the prefix, of {@code bytes}; {@code reason} is a label. */
  public void deleted(String reason, long bytes) {
    deletions.of(reason).count(bytes);
  }

  /** Counts a file of {@code bytes} compiled and written; {@code reason} is a label. */
  public void compiled(String reason, long bytes) {
    compilations.of(reason).count(bytes);
  }

  /** Counts a file of {@code bytes} copied from the sources' own. */
  public void adopted(long bytes) {
    adoptedFiles.increment();
    adoptedBytes.increment((double) bytes);
  }

  /** Counts a source that was found not to compile. */
  public void refused() {
    refusals.increment();
  }

  /** Counts an action left out because something had changed; {@code reason} is a label. */
  public void skipped(String reason) {
    skips.of(reason).increment();
  }

  /** Counts an empty directory removed from the prefix. */
  public void removedDirectory() {
    removedDirectories.increment();
  }

  /** Counts a file that an action failed for. */
  public void failed() {
    failures.increment();
  }

  /** Counts {@code events} written to the journal. */
  public void journalled(long events) {
    journalled.increment((double) events);
  }

  /** Counts {@code events} that will never be in the journal. */
  public void journalLost(long events) {
    journalLost.increment((double) events);
  }

  /** Counts a change that a full survey found and that the watch had not told. */
  public void missedByWatch() {
    missedByWatch.increment();
  }

  /** Counts a directory pair whose bytecode files, {@code files} of them, were judged. */
  public void surveyedPair(int files) {
    surveyedPairs.increment();
    surveyedFiles.increment(files);
  }

  /** Counts a directory pair that was found as it had been, so that no file was opened. */
  public void unchangedPair() {
    unchangedPairs.increment();
  }

  /** Counts a full survey that took {@code took}. */
  public void fullSurvey(Duration took) {
    fullSurvey.record(took);
  }

  /**
   * Counts an answered request.
   *
   * @param route the path of a route, without a query; a label
   * @param status the HTTP status code
   * @param took from the request's arrival until the answer was written
   */
  public void adminRequest(String route, int status, Duration took) {
    requests.of(route).of(Integer.toString(status)).record(took);
  }

  /** Tells that the configuration was loaded {@code at}, and whether it was valid. */
  public void reloaded(boolean successful, Instant at) {
    reload = new Reload(successful, at);
  }

  /**
   * {@return every meter, as OpenMetrics where {@code accept} prefers that, else in Prometheus'
   * text format}
   *
   * @param accept the client's {@code Accept} field (RFC 9110, 12.5.1); empty if there is none
   */
  public Scrape scrape(String accept) {
    String contentType = Exposition.of(accept).contentType();
    synchronized (scraping) {
      standing.show(source.read(), reload);
      return new Scrape(contentType, registry.scrape(contentType));
    }
  }

  private Counter surveyedDirectories(String outcome) {
    return counter(
        "pycached_surveyed_directories_total",
        "Directory pairs looked at, and whether their files had to be.",
        "outcome",
        outcome);
  }

  private Timer requests(String route, String status) {
    return Timer.builder("pycached_admin_request_seconds")
        .description("Requests to the admin endpoint and the time until they were answered.")
        .tags("route", route, "status", status)
        .register(registry);
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder(name).description(help).tags(labels).register(registry);
  }

  private record FilesBytes(Counter files, Counter bytes) {
    void count(long size) {
      files.increment();
      bytes.increment((double) size);
    }
  }
}
