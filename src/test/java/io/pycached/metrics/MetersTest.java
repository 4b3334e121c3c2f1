package io.pycached.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class MetersTest {
  private static final ProjectReading SHOP = new ProjectReading("shop", 120, true, false);
  private static final ProjectReading BLOG = new ProjectReading("blog \"2\"", 45, false, true);
  private static final WorkerReading IDLE = new WorkerReading(0, 0, 0);
  private static final WatchReading WATCH = new WatchReading(321, OptionalLong.of(65_536), 3);

  private static Meters meters() {
    return new Meters("0.1.0", "17.0.15", Proc.empty());
  }

  /** Meters that were told everything that can be told, each with values of its own. */
  private static Meters busy() throws IOException {
    Meters meters = new Meters("0.1.0", "17.0.15", Proc.mounted());
    meters.deleted("source-missing", 1_000);
    meters.deleted("source-missing", 234);
    meters.deleted("max-age", 77);
    meters.compiled("mtime", 700);
    meters.compiled("mtime", 31);
    meters.compiled("missing", 55);
    for (int i = 0; i < 5; i++) {
      meters.adopted(9);
    }
    for (int i = 0; i < 6; i++) {
      meters.refused();
    }
    meters.skipped("changed");
    for (int i = 0; i < 2; i++) {
      meters.removedDirectory();
    }
    for (int i = 0; i < 3; i++) {
      meters.failed();
    }
    for (int i = 0; i < 4; i++) {
      meters.missedByWatch();
    }
    meters.journalled(8);
    meters.journalLost(13);
    meters.surveyedPair(10);
    meters.surveyedPair(11);
    meters.unchangedPair();
    meters.fullSurvey(Duration.ofMillis(1_900));
    meters.fullSurvey(Duration.ofMillis(600));
    meters.adminRequest("/v1/status", 200, Duration.ofMillis(20));
    meters.adminRequest("/v1/status", 200, Duration.ofMillis(30));
    meters.adminRequest("other", 404, Duration.ofMillis(1));
    meters.reloaded(false, Instant.ofEpochMilli(1_714_152_897_250L));
    meters.observe(
        () ->
            new Reading(
                Map.of(
                    "cpython-312",
                    Map.of("fresh", new FilesAndBytes(9, 99), "stale", new FilesAndBytes(1, 12)),
                    "cpython-311",
                    Map.of("fresh", new FilesAndBytes(8, 88)),
                    "",
                    Map.of("temporary", new FilesAndBytes(3, 33))),
                List.of(SHOP, BLOG),
                WATCH,
                5,
                new WorkerReading(41, 3, 1),
                Map.of("world-writable", 7L, "hard-link", 1L),
                true,
                Map.of("limit-exceeded", 1L, "watch-degraded", 2L),
                new LimitReading(
                    OptionalLong.of(4_096),
                    OptionalLong.of(500),
                    Optional.of(new FilesAndBytes(21, 1_024)))));
    return meters;
  }

  private static Reading reading(List<ProjectReading> projects, WatchReading watch) {
    return new Reading(
        Map.of(), projects, watch, 0, IDLE, Map.of(), true, Map.of(), LimitReading.NONE);
  }

  /** The lines of a scrape that are samples of {@code name}, in their order. */
  private static List<String> samples(Meters meters, String name) {
    return meters.scrape("").body().lines().filter(line -> line.matches(name + "[{ ].*")).toList();
  }

  @Test
  void scrape_afterEverything_isTheGoldenText() throws IOException {
    List<String> withoutVirtualMachine =
        busy().scrape("").body().lines().filter(line -> !line.contains("jvm_")).toList();
    try (InputStream golden = getClass().getResourceAsStream("scrape.txt")) {
      String expected = new String(Objects.requireNonNull(golden).readAllBytes(), UTF_8);
      assertThat(String.join("\n", withoutVirtualMachine) + "\n").isEqualTo(expected);
    }
  }

  @Test
  void scrape_openMetricsPreferred_isOpenMetrics() throws IOException {
    Scrape scrape = busy().scrape("application/openmetrics-text");
    assertThat(scrape.contentType())
        .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(scrape.body())
        .endsWith("\n# EOF\n")
        .contains("# TYPE pycached_build info\n")
        .contains("# TYPE pycached_deleted_files counter\n");
  }

  @Test
  void scrape_noPreference_isPrometheusText() {
    Scrape scrape = meters().scrape("");
    assertThat(scrape.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(scrape.body()).doesNotContain("# EOF");
  }

  @Test
  void scrape_everyMeter_followsTheNamingPractices() throws IOException {
    String body = busy().scrape("").body();
    List<MatchResult> families =
        Pattern.compile("# HELP (\\S+) (.*)\n# TYPE (\\S+) (\\S+)\n")
            .matcher(body)
            .results()
            .toList();
    assertThat(families).hasSizeGreaterThan(30);
    for (MatchResult family : families) {
      String name = family.group(1);
      assertThat(name).isEqualTo(family.group(3)).matches("(pycached|process|jvm)(_[a-z0-9]+)+");
      assertThat(name.endsWith("_total")).as(name).isEqualTo(family.group(4).equals("counter"));
      assertThat(name).doesNotContainPattern("milli|micro|nano|kilo|mega|minutes|_(counter|gauge)");
      assertThat(family.group(2)).as(name).matches("[A-Z][^.]*\\.");
    }
    assertThat(Pattern.compile("[{,]([a-zA-Z_]+)=\"").matcher(body).results())
        .extracting(label -> label.group(1))
        .isSubsetOf(
            "area",
            "cache_tag",
            "code",
            "gc",
            "java",
            "kind",
            "outcome",
            "project",
            "reason",
            "route",
            "state",
            "status",
            "version");
  }

  @Test
  void scrape_nothingObserved_hasNoProjectLimitOrReload() {
    String body = meters().scrape("").body();
    assertThat(body)
        .doesNotContain("pycached_sources", "pycached_project", "pycached_watch_limit", "reload")
        .contains("pycached_ready 0.0\n", "pycached_files{cache_tag=\"\",state=\"fresh\"} 0.0\n");
  }

  @Test
  void scrape_projectRemovedByReload_hasNoRowsOfIt() {
    Meters meters = meters();
    meters.observe(() -> reading(List.of(SHOP, BLOG), WATCH));
    assertThat(samples(meters, "pycached_sources"))
        .containsExactly(
            "pycached_sources{project=\"blog \\\"2\\\"\"} 45.0",
            "pycached_sources{project=\"shop\"} 120.0");

    ProjectReading gone = new ProjectReading("shop", 121, false, true);
    meters.observe(() -> reading(List.of(gone), WATCH));

    assertThat(samples(meters, "pycached_(sources|project_visible|project_watch_degraded)"))
        .containsExactly(
            "pycached_project_visible{project=\"shop\"} 0.0",
            "pycached_project_watch_degraded{project=\"shop\"} 1.0",
            "pycached_sources{project=\"shop\"} 121.0");
  }

  @Test
  void scrape_overflowsFall_countsOnlyGrowth() {
    Meters meters = meters();
    List<String> shown = new ArrayList<>();
    for (long overflows : new long[] {5, 7, 2, 3}) {
      WatchReading watch = new WatchReading(1, OptionalLong.empty(), overflows);
      meters.observe(() -> reading(List.of(), watch));
      shown.addAll(samples(meters, "pycached_watch_overflows_total"));
    }
    assertThat(shown)
        .containsExactly(
            "pycached_watch_overflows_total 5.0",
            "pycached_watch_overflows_total 7.0",
            "pycached_watch_overflows_total 7.0",
            "pycached_watch_overflows_total 8.0");
  }

  @Test
  void scrape_watchLimitGone_isAbsent() {
    Meters meters = meters();
    meters.observe(() -> reading(List.of(), WATCH));
    assertThat(samples(meters, "pycached_watch_limit"))
        .containsExactly("pycached_watch_limit 65536.0");
    meters.observe(() -> reading(List.of(), new WatchReading(1, OptionalLong.empty(), 0)));
    assertThat(samples(meters, "pycached_watch_limit")).isEmpty();
  }

  @Test
  void scrape_inventedCacheTags_addsUpTheSmallest() {
    Map<String, Map<String, FilesAndBytes>> files = new HashMap<>();
    for (int i = 0; i < ShownFiles.MAX_CACHE_TAGS; i++) {
      files.put("cpython-" + i, Map.of("fresh", new FilesAndBytes(1, 1_000)));
    }
    files.put("aaa", Map.of("fresh", new FilesAndBytes(20, 7)));
    files.put("zzz", Map.of("fresh", new FilesAndBytes(30, 8), "stale", new FilesAndBytes(4, 5)));
    Meters meters = meters();
    meters.observe(
        () ->
            new Reading(
                files, List.of(), WATCH, 0, IDLE, Map.of(), true, Map.of(), LimitReading.NONE));

    List<String> fresh = samples(meters, "pycached_files\\{[^}]*fresh\"}");

    assertThat(fresh)
        .hasSize(ShownFiles.MAX_CACHE_TAGS + 2)
        .contains("pycached_files{cache_tag=\"other\",state=\"fresh\"} 50.0")
        .noneMatch(line -> line.contains("aaa") || line.contains("zzz"));
    assertThat(samples(meters, "pycached_bytes"))
        .contains(
            "pycached_bytes{cache_tag=\"other\",state=\"fresh\"} 15.0",
            "pycached_bytes{cache_tag=\"other\",state=\"stale\"} 5.0",
            "pycached_bytes{cache_tag=\"other\",state=\"corrupt\"} 0.0");
  }

  @Test
  void deleted_moreReasonsThanTheBound_countsThemAsOther() {
    Meters meters = meters();
    for (int i = 0; i < Labelled.MAX_VALUES + 3; i++) {
      meters.deleted("reason-" + i, 10 + i);
    }
    meters.deleted("reason-0", 100);

    assertThat(samples(meters, "pycached_deleted_files_total"))
        .hasSize(Labelled.MAX_VALUES + 1)
        .contains(
            "pycached_deleted_files_total{reason=\"other\"} 3.0",
            "pycached_deleted_files_total{reason=\"reason-0\"} 2.0");
    assertThat(samples(meters, "pycached_deleted_bytes_total"))
        .contains(
            "pycached_deleted_bytes_total{reason=\"other\"} 81.0",
            "pycached_deleted_bytes_total{reason=\"reason-0\"} 110.0");
  }

  @Test
  void adminRequest_manyRoutesAndStatuses_isBounded() {
    Meters meters = meters();
    for (int route = 0; route < 30; route++) {
      for (int status = 400; status < 430; status++) {
        meters.adminRequest("/r" + route, status, Duration.ofMillis(1));
      }
    }
    int bound = Labelled.MAX_VALUES + 1;
    assertThat(samples(meters, "pycached_admin_request_seconds_count")).hasSize(bound * bound);
  }

  @Test
  void observe_cache_showsItsHits() {
    Cache<String, String> cache = Caffeine.newBuilder().maximumSize(8).recordStats().build();
    cache.put("a", "1");
    for (String key : List.of("a", "a", "b")) {
      assertThat(cache.getIfPresent(key) != null).isEqualTo(key.equals("a"));
    }
    Meters meters = meters();

    meters.observe(cache, "source-hashes");

    assertThat(samples(meters, "cache_gets_total"))
        .containsExactly(
            "cache_gets_total{cache=\"source-hashes\",result=\"hit\"} 2.0",
            "cache_gets_total{cache=\"source-hashes\",result=\"miss\"} 1.0");
  }

  @Test
  void scrape_sourceFails_passesOnAndRecovers() {
    Meters meters = meters();
    meters.observe(
        () -> {
          throw new IllegalStateException("closed");
        });
    assertThatThrownBy(() -> meters.scrape(""))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("closed");

    meters.observe(() -> reading(List.of(SHOP), WATCH));
    assertThat(samples(meters, "pycached_sources")).hasSize(1);
  }

  @Test
  @Timeout(60)
  void scrape_byManyThreads_eachShowsOneReading() throws Exception {
    Meters meters = meters();
    AtomicInteger reloads = new AtomicInteger();
    meters.observe(
        () -> {
          int count = reloads.incrementAndGet();
          List<ProjectReading> projects = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            projects.add(new ProjectReading("p" + count + "-" + i, count, true, false));
          }
          return reading(projects, WATCH);
        });
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<String>>> scrapes = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        scrapes.add(threads.submit(() -> samples(meters, "pycached_sources")));
      }
      for (Future<List<String>> scrape : scrapes) {
        List<String> rows = scrape.get();
        String count = rows.get(0).replaceAll(".* ", "");
        assertThat(rows).hasSize(20).allMatch(row -> row.endsWith(" " + count));
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
