package io.pycached.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters that come from a {@link Reading}. Not safe for use by several threads: {@link Meters}
 * lets one in at a time.
 */
final class Standing {
  /** Bound on cache tags; whoever may write to the prefix can invent any number of them. */
  static final int MAX_CACHE_TAGS = 32;

  /**
   * The states of a file; each has a row even if no file is in it, so that no series comes late.
   */
  private static final List<String> STATES =
      List.of("fresh", "stale", "orphaned", "corrupt", "unverifiable", "temporary", "foreign");

  private final MeterRegistry registry;
  private final MultiGauge files;
  private final MultiGauge bytes;
  private final MultiGauge sources;
  private final MultiGauge visible;
  private final MultiGauge degraded;
  private final MultiGauge dirty;
  private final MultiGauge watched;
  private final MultiGauge watchLimit;
  private final MultiGauge ready;
  private final MultiGauge problems;
  private final MultiGauge reloadSuccessful;
  private final MultiGauge reloadTimestamp;
  private final Counter overflows;
  private long lastOverflows;

  Standing(MeterRegistry registry) {
    this.registry = registry;
    files = gauge("pycached_files", "Files in the prefix.");
    bytes = gauge("pycached_bytes", "Bytes in the files of the prefix.");
    sources = gauge("pycached_sources", "Source files of the project.");
    visible = gauge("pycached_project_visible", "Whether the daemon sees the project's tree.");
    degraded =
        gauge(
            "pycached_project_watch_degraded",
            "Whether the project is polled although it should be watched.");
    dirty = gauge("pycached_dirty_directories", "Directories that wait to be surveyed.");
    watched = gauge("pycached_watched_directories", "Directories that are watched.");
    watchLimit = gauge("pycached_watch_limit", "Directories that the user may watch.");
    ready = gauge("pycached_ready", "Whether the first survey is done and watches are in place.");
    problems = gauge("pycached_problems", "Problems that the status lists.");
    reloadSuccessful =
        gauge(
            "pycached_config_last_reload_successful",
            "Whether the configuration was valid when it was last loaded.");
    reloadTimestamp =
        gauge(
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
    show(sources, reading.projects(), ProjectReading::sources);
    show(visible, reading.projects(), project -> project.visible() ? 1 : 0);
    show(degraded, reading.projects(), project -> project.watchDegraded() ? 1 : 0);
    show(dirty, reading.dirtyDirectories());
    show(watched, reading.watch().directories());
    reading
        .watch()
        .limit()
        .ifPresentOrElse(limit -> show(watchLimit, limit), () -> hide(watchLimit));
    show(ready, reading.ready() ? 1 : 0);
    show(problems, reading.problems());
    if (reload != null) {
      show(reloadSuccessful, reload.successful() ? 1 : 0);
      show(reloadTimestamp, reload.at().toEpochMilli() / 1000.0);
    }
    overflows.increment((double) Math.max(0, reading.watch().overflows() - lastOverflows));
    lastOverflows = reading.watch().overflows();
  }

  private void showFiles(Map<String, Map<String, FilesAndBytes>> byTag) {
    List<Row<?>> fileRows = new ArrayList<>();
    List<Row<?>> byteRows = new ArrayList<>();
    bounded(byTag)
        .forEach(
            (cacheTag, byState) ->
                byState.forEach(
                    (state, sum) -> {
                      Tags tags = Tags.of("state", state, "cache_tag", cacheTag);
                      fileRows.add(Row.of(tags, sum.files()));
                      byteRows.add(Row.of(tags, sum.bytes()));
                    }));
    files.register(fileRows, true);
    bytes.register(byteRows, true);
  }

  /** The largest cache tags by themselves, the rest as one, and every state without a tag. */
  private static Map<String, Map<String, FilesAndBytes>> bounded(
      Map<String, Map<String, FilesAndBytes>> byTag) {
    Map<String, Map<String, FilesAndBytes>> shown = new HashMap<>();
    for (String state : STATES) {
      add(shown, "", state, FilesAndBytes.NONE);
    }
    List<String> tags = new ArrayList<>(byTag.keySet());
    tags.remove("");
    tags.sort(
        Comparator.comparingLong((String tag) -> bytesOf(byTag.getOrDefault(tag, Map.of())))
            .reversed()
            .thenComparing(Comparator.naturalOrder()));
    byTag.getOrDefault("", Map.of()).forEach((state, sum) -> add(shown, "", state, sum));
    for (int i = 0; i < tags.size(); i++) {
      String shownTag = i < MAX_CACHE_TAGS ? tags.get(i) : Labelled.OTHER;
      byTag
          .getOrDefault(tags.get(i), Map.of())
          .forEach((state, sum) -> add(shown, shownTag, state, sum));
    }
    return shown;
  }

  private static void add(
      Map<String, Map<String, FilesAndBytes>> shown,
      String cacheTag,
      String state,
      FilesAndBytes sum) {
    shown
        .computeIfAbsent(cacheTag, added -> new HashMap<>())
        .merge(state, sum, FilesAndBytes::plus);
  }

  private static long bytesOf(Map<String, FilesAndBytes> byState) {
    return byState.values().stream().mapToLong(FilesAndBytes::bytes).sum();
  }

  private static void show(
      MultiGauge gauge, List<ProjectReading> projects, ToDoubleFunction<ProjectReading> value) {
    List<Row<?>> rows = new ArrayList<>();
    for (ProjectReading project : projects) {
      rows.add(Row.of(Tags.of("project", project.name()), value.applyAsDouble(project)));
    }
    gauge.register(rows, true);
  }

  private static void show(MultiGauge gauge, Number value) {
    gauge.register(List.of(Row.of(Tags.empty(), value)), true);
  }

  private static void hide(MultiGauge gauge) {
    gauge.register(List.of(), true);
  }

  private MultiGauge gauge(String name, String help) {
    return MultiGauge.builder(name).description(help).register(registry);
  }
}
