package io.pycached.metrics;

import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.util.Locale;

/** A text format for metrics. */
enum Exposition {
  /** Prometheus' text format 0.0.4; what a client gets that does not say. */
  PROMETHEUS(PrometheusTextFormatWriter.CONTENT_TYPE),
  /** OpenMetrics 1.0. */
  OPEN_METRICS(OpenMetricsTextFormatWriter.CONTENT_TYPE);

  private final String contentType;

  Exposition(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }

  /** {@return OpenMetrics where {@code accept} names it and prefers nothing that is text to it} */
  static Exposition of(String accept) {
    double openMetrics = 0;
    double text = 0;
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = range.split(";", -1);
      switch (parts[0].strip()) {
        case "application/openmetrics-text" -> openMetrics = Math.max(openMetrics, quality(parts));
        case "text/plain" -> text = Math.max(text, quality(parts));
        default -> {
          // A wildcard is content with either.
        }
      }
    }
    return openMetrics > 0 && openMetrics >= text ? OPEN_METRICS : PROMETHEUS;
  }

  /** The weight of a media range (RFC 9110, 12.4.2); 0, "not acceptable", if it is malformed. */
  private static double quality(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2));
        } catch (NumberFormatException malformed) {
          return 0;
        }
      }
    }
    return 1;
  }
}
