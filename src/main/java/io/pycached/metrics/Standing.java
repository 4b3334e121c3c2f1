package io.pycached.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters that come from a {@link Reading}. Not safe for use by several threads: {@link Meters}
 * lets one in at a time.
 */
final class Standing {
  private final Rows files;
  private final Rows bytes;
  private final Rows sources;
  private final Rows visible;
  private final Rows degraded;
  private final Rows dirty;
  private final Rows waiting;
  private final Rows workers;
  private final Rows quarantined;
  private final Rows watched;
  private final Rows watchLimit;
  private final Rows flaws;
  private final Rows ready;
  private final Rows problems;
  private final Rows maxBytes;
  private final Rows maxFiles;
  private final Rows countedBytes;
  private final Rows countedFiles;
  private final Rows reloadSuccessful;
  private final Rows reloadTimestamp;
  private final Counter overflows;
  private long lastOverflows;

  Standing(MeterRegistry registry) {
    files = new Rows(registry, "pycached_files", "Files in the prefix.");
    bytes = new Rows(registry, "pycached_bytes", "Bytes in the files of the prefix.");
    sources = new Rows(registry, "pycached_sources", "Source files of the project.");
    visible =
        new Rows(
            registry, "pycached_project_visible", "Whether the daemon sees the project's tree.");
    degraded =
        new Rows(
            registry,
            "pycached_project_watch_degraded",
            "Whether the project is polled although it should be watched.");
    dirty =
        new Rows(registry, "pycached_dirty_directories", "Directories that wait to be surveyed.");
    waiting = new Rows(registry, "pycached_waiting_builds", "Files that wait to be made.");
    workers = new Rows(registry, "pycached_workers", "Interpreters that compile, as processes.");
    quarantined =
        new Rows(
            registry,
            "pycached_quarantined_sources",
            "Sources that ended a worker and are left alone until they change.");
    watched = new Rows(registry, "pycached_watched_directories", "Directories that are watched.");
    watchLimit = new Rows(registry, "pycached_watch_limit", "Directories that the user may watch.");
    flaws =
        new Rows(
            registry,
            "pycached_audit_flaws",
            "Files and directories of the prefix that somebody untrusted could have written.");
    ready =
        new Rows(
            registry,
            "pycached_ready",
            "Whether the first survey is done and watches are in place.");
    problems = new Rows(registry, "pycached_problems", "Problems that the status lists.");
    maxBytes =
        new Rows(registry, "pycached_limit_bytes", "Bytes on disk that the prefix may hold.");
    maxFiles = new Rows(registry, "pycached_limit_files", "Files that the prefix may hold.");
    countedBytes =
        new Rows(
            registry,
            "pycached_counted_bytes",
            "Bytes on disk in the prefix when it was last counted against its limits.");
    countedFiles =
        new Rows(
            registry,
            "pycached_counted_files",
            "Files in the prefix when it was last counted against its limits.");
    reloadSuccessful =
        new Rows(
            registry,
            "pycached_config_last_reload_successful",
            "Whether the configuration was valid when it was last loaded.");
    reloadTimestamp =
        new Rows(
            registry,
            "pycached_config_last_reload_timestamp_seconds",
            "When the configuration was last loaded, in seconds since the epoch.");
    overflows =
        Counter.builder("pycached_watch_overflows_total")
            .description("Times that a watch lost events.")
            .register(registry);
  }

  /** Replaces what was shown by {@code reading} and, once there is one, {@code reload}. */
  void show(Reading reading, @Nullable Reload reload) {
    showFiles(reading.files());
    sources.show(byProject(reading.projects(), ProjectReading::sources));
    visible.show(byProject(reading.projects(), project -> project.visible() ? 1 : 0));
    degraded.show(byProject(reading.projects(), project -> project.watchDegraded() ? 1 : 0));
    dirty.show(reading.dirtyDirectories());
    waiting.show(reading.workers().waiting());
    workers.show(reading.workers().workers());
    quarantined.show(reading.workers().quarantined());
    watched.show(reading.watch().directories());
    watchLimit.show(reading.watch().limit());
    flaws.show(byLabel("kind", reading.flaws()));
    ready.show(reading.ready() ? 1 : 0);
    problems.show(byLabel("code", reading.problems()));
    maxBytes.show(reading.limits().maxBytes());
    maxFiles.show(reading.limits().maxFiles());
    countedBytes.show(counted(reading.limits(), FilesAndBytes::bytes));
    countedFiles.show(counted(reading.limits(), FilesAndBytes::files));
    if (reload != null) {
      reloadSuccessful.show(reload.successful() ? 1 : 0);
      reloadTimestamp.show(reload.at().toEpochMilli() / 1000.0);
    }
    overflows.increment((double) Math.max(0, reading.watch().overflows() - lastOverflows));
    lastOverflows = reading.watch().overflows();
  }

  private void showFiles(Map<String, Map<String, FilesAndBytes>> byTag) {
    Map<Tags, Number> fileRows = new HashMap<>();
    Map<Tags, Number> byteRows = new HashMap<>();
    ShownFiles.of(byTag)
        .forEach(
            (cacheTag, byState) ->
                byState.forEach(
                    (state, sum) -> {
                      Tags tags = Tags.of("state", state, "cache_tag", cacheTag);
                      fileRows.put(tags, sum.files());
                      byteRows.put(tags, sum.bytes());
                    }));
    files.show(fileRows);
    bytes.show(byteRows);
  }

  private static Map<Tags, Number> byLabel(String label, Map<String, Long> counts) {
    Map<Tags, Number> rows = new HashMap<>();
    counts.forEach((value, count) -> rows.put(Tags.of(label, value), count));
    return rows;
  }

  private static OptionalLong counted(LimitReading limits, ToLongFunction<FilesAndBytes> what) {
    return limits.counted().stream().mapToLong(what).findFirst();
  }

  private static Map<Tags, Number> byProject(
      List<ProjectReading> projects, Function<ProjectReading, Number> value) {
    Map<Tags, Number> rows = new HashMap<>();
    for (ProjectReading project : projects) {
      rows.put(Tags.of("project", project.name()), value.apply(project));
    }
    return rows;
  }
}
