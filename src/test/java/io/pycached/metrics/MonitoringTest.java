package io.pycached.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts and the dashboard that are shipped, against what a scrape of everything says. */
final class MonitoringTest {
  private static final Path RULES = Path.of("config/prometheus/pycached.rules.yml");
  private static final Path SCRAPE_CONFIG = Path.of("config/prometheus/pycached.scrape.yml");
  private static final Path DASHBOARD = Path.of("config/grafana/pycached.json");
  private static final Pattern EXPRESSION = Pattern.compile("(?m)^ +expr: (.*)$");
  private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");

  private static final Pattern METRIC =
      Pattern.compile("\\b((?:pycached|process)_[a-z_]+)(?:\\{([^}]*)})?");
  private static final Pattern GROUPED = Pattern.compile("\\bby \\(([^)]*)\\) \\((.*)");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)(?:=~?|!~?)\"");

  /** What Prometheus adds to each sample. */
  private static final Set<String> ADDED = Set.of("instance", "job");

  private static String text(InputStream stream) throws IOException {
    try (stream) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), UTF_8);
    }
  }

  /** {@return the labels of each metric in the golden scrape} */
  private static Map<String, Set<String>> metrics() throws IOException {
    Map<String, Set<String>> metrics = new HashMap<>();
    String golden = text(MonitoringTest.class.getResourceAsStream("scrape.txt"));
    for (String line : golden.lines().filter(each -> !each.startsWith("#")).toList()) {
      Matcher sample = METRIC.matcher(line);
      assertThat(sample.lookingAt()).as(line).isTrue();
      Set<String> labels = metrics.computeIfAbsent(sample.group(1), name -> new HashSet<>(ADDED));
      if (sample.group(2) != null) {
        LABEL.matcher(sample.group(2)).results().forEach(label -> labels.add(label.group(1)));
      }
    }
    assertThat(metrics).hasSizeGreaterThan(30);
    return metrics;
  }

  private static void assertKnown(String expression) throws IOException {
    Map<String, Set<String>> metrics = metrics();
    Matcher used = METRIC.matcher(expression);
    int count = 0;
    while (used.find()) {
      count++;
      assertThat(metrics).as(expression).containsKey(used.group(1));
      Set<String> labels = Objects.requireNonNull(metrics.get(used.group(1)));
      if (used.group(2) != null) {
        assertThat(LABEL.matcher(used.group(2)).results())
            .as(expression)
            .extracting(label -> label.group(1))
            .isSubsetOf(labels);
      }
      Matcher grouped = GROUPED.matcher(expression);
      if (grouped.find()) {
        assertThat(grouped.group(1).split(", ", -1)).as(expression).isSubsetOf(labels);
      }
    }
    assertThat(count).as(expression).isGreaterThan(expression.startsWith("up{") ? -1 : 0);
  }

  @Test
  void rules_knowOnlyMetricsThatThereAre() throws Exception {
    List<String> expressions =
        EXPRESSION.matcher(Files.readString(RULES)).results().map(each -> each.group(1)).toList();
    assertThat(expressions).hasSizeGreaterThan(10);
    for (String expression : expressions) {
      assertKnown(expression);
    }
  }

  @Test
  void rules_eachSayWhatIsWrongAndWhatToDo() throws Exception {
    String rules = Files.readString(RULES);
    List<String> alerts = ALERT.matcher(rules).results().map(each -> each.group(1)).toList();
    assertThat(alerts).doesNotHaveDuplicates();
    for (String field : List.of("summary", "description", "remedy", "severity")) {
      assertThat(Pattern.compile("(?m)^ +" + field + ": .").matcher(rules).results())
          .as(field)
          .hasSameSizeAs(alerts);
    }
    String tests = text(MonitoringTest.class.getResourceAsStream("pycached.rules.test.yml"));
    assertThat(alerts).allMatch(tests::contains);
  }

  @Test
  void dashboard_knowsOnlyMetricsThatThereAre() throws Exception {
    JsonObject dashboard = JsonParser.parseString(Files.readString(DASHBOARD)).getAsJsonObject();
    JsonArray panels = dashboard.getAsJsonArray("panels");
    List<String> expressions = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (JsonElement panel : panels) {
      assertThat(ids.add(panel.getAsJsonObject().get("id").getAsInt())).isTrue();
      JsonArray targets = panel.getAsJsonObject().getAsJsonArray("targets");
      assertThat(targets).isNotEmpty();
      targets.forEach(
          target -> expressions.add(target.getAsJsonObject().get("expr").getAsString()));
    }
    assertThat(expressions).hasSizeGreaterThan(10);
    for (String expression : expressions) {
      assertKnown(expression);
    }
  }

  @Test
  void promtool_findsRulesAndScrapeConfigurationValid(@TempDir Path directory) throws Exception {
    assumeThat(status(directory, "sh", "-c", "command -v promtool")).as("needs promtool").isZero();
    Files.copy(RULES, directory.resolve("pycached.rules.yml"));
    Files.copy(SCRAPE_CONFIG, directory.resolve("prometheus.yml"));
    try (InputStream tests = getClass().getResourceAsStream("pycached.rules.test.yml")) {
      Files.copy(Objects.requireNonNull(tests), directory.resolve("tests.yml"));
    }
    for (List<String> arguments :
        List.of(
            List.of("check", "rules", "pycached.rules.yml"),
            List.of("check", "config", "prometheus.yml"),
            List.of("test", "rules", "tests.yml"))) {
      String[] command =
          Stream.concat(Stream.of("promtool"), arguments.stream()).toArray(String[]::new);
      assertThat(status(directory, command))
          .as(() -> String.join(" ", arguments) + ": " + log(directory))
          .isZero();
    }
  }

  private static int status(Path directory, String... command) throws Exception {
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start()
        .waitFor();
  }

  private static String log(Path directory) {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException none) {
      return none.toString();
    }
  }
}
